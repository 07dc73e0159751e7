package dev.flowengine.redrive;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeEvent;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.PortValues;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.NeedsOverlap;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How nodes look whose outputs a redrive took over. */
class ReusedNodesTest {
    private final Bodies bodies = new Bodies();
    private final ConcurrentLinkedQueue<ExecutionEvent> events = new ConcurrentLinkedQueue<>();
    private final FlowEngine engine = Engines.builder()
            .listener(new ExecutionListener() {
                @Override
                public void onEvent(ExecutionEvent event) {
                    events.add(event);
                }
            })
            .build();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    @DisplayName("S29 S36 a reused node is told of as completed and reused, without an attempt and without a pin")
    void a_reused_node_is_told_of_as_reused() {
        Flow flow = Flow.definition("told")
                .trigger("t")
                .add(bodies.tracing("a"))
                .add(bodies.tracing("bad"))
                .connect("t", "a")
                .connect("a", "bad")
                .build();

        ExecutionResult second = redrive(runBreaking("bad", flow));

        assertThat(completions(second))
                .extracting(NodeCompleted::nodeId, NodeCompleted::reused, NodeCompleted::pinned, NodeEvent::attempt)
                .containsExactly(tuple("t", true, false, 0), tuple("a", true, false, 0), tuple("bad", false, false, 1));
        NodeState reused = Runs.node(second, "a");
        assertThat(reused.reused()).isTrue();
        assertThat(reused.pinned()).isFalse();
        assertThat(reused.attempt()).isZero();
        assertThat(reused.firedPorts()).containsExactly("main");
        assertThat(Runs.node(second, "bad").reused()).isFalse();
        assertThat(second.executionPath()).containsExactly("t", "a", "bad");
    }

    @Test
    @DisplayName("S29 S39 a reused node explains itself by the execution its output comes from")
    void a_reused_node_explains_itself() {
        Flow flow = Flow.definition("explained")
                .trigger("t")
                .add(bodies.choosing("choice", "r", "l", "r"))
                .add(bodies.tracing("left"))
                .add(bodies.tracing("bad"))
                .connect("t", "choice")
                .connect(new Connection("choice", "l", "left", "main"))
                .connect(new Connection("choice", "r", "bad", "main"))
                .build();
        ExecutionResult first = runBreaking("bad", flow);

        ExecutionResult second = redrive(first);

        String taken = "its output was taken over from execution " + first.executionId();
        assertThat(second.snapshot().explain("choice"))
                .isEqualTo("Node 'choice' is COMPLETED: " + taken + ", so it fired 'r' and its body was not called.");
        assertThat(second.snapshot().explain("t")).contains(taken).contains("fired 'main'");
        assertThat(second.snapshot().explain("left"))
                .contains("BRANCH_NOT_TAKEN")
                .contains("'choice' fired 'r'");
        assertThat(second.snapshot().explain("bad")).doesNotContain(taken).contains("attempt 1");
        assertThat(first.snapshot().explain("choice")).doesNotContain("taken over");
    }

    @Test
    @DisplayName("S10 S29 all ports that fired are taken over, null included, and no other")
    void all_ports_that_fired_are_taken_over() {
        Flow flow = Flow.definition("ports")
                .trigger("t")
                .add(NodeDefinition.builder("source")
                        .outputs("one", "two", "three")
                        .anyBody((EmittingBody) (context, emitter) -> {
                            bodies.called("source");
                            emitter.emit("three", null);
                            emitter.emit("one", List.of());
                        })
                        .build())
                .add(bodies.tracing("of-one"))
                .add(bodies.tracing("of-two"))
                .add(bodies.tracing("of-three"))
                .connect("t", "source")
                .connect(new Connection("source", "one", "of-one", "main"))
                .connect(new Connection("source", "two", "of-two", "main"))
                .connect(new Connection("source", "three", "of-three", "main"))
                .build();
        bodies.breakDown("of-one", "of-three");
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(flow, "t", "go"));
        bodies.mend();
        bodies.takeCalls();

        ExecutionResult second = redrive(first);

        assertThat(second.outputs("source"))
                .isEqualTo(PortValues.of("one", List.of()).and("three", null));
        assertThat(second.output("of-one", String.class)).isEqualTo("[]>of-one");
        assertThat(second.output("of-three", String.class)).isEqualTo("null>of-three");
        assertThat(Runs.states(second)).containsEntry("of-two", "SKIPPED(BRANCH_NOT_TAKEN)");
        assertThat(bodies.takeCalls()).containsExactly("of-one", "of-three");
    }

    @Test
    @DisplayName("S21 S29 a node whose failure was handled has completed: it is reused, and still tells of the failure")
    void a_node_whose_failure_was_handled_is_reused() {
        bodies.breakDown("falls-back", "branches-off", "bad", "of-error");
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(handling(), "t", "go"));
        bodies.mend();
        bodies.takeCalls();

        ExecutionResult second = redrive(first);

        assertThat(bodies.takeCalls()).containsExactly("bad", "of-error");
        assertThat(second.output("bad", String.class)).isEqualTo("spare>bad");
        for (String handled : List.of("falls-back", "branches-off")) {
            NodeState state = Runs.node(second, handled);
            assertThat(state.reused()).isTrue();
            assertThat(state.handledFailure())
                    .isPresent()
                    .isEqualTo(Runs.node(first, handled).handledFailure());
            assertThat(state.handledFailure().map(FlowError::attempt)).contains(1);
        }
        assertThat(Runs.node(second, "branches-off").firedPorts()).containsExactly("error");
        assertThat(second.outputs("branches-off")).isEqualTo(first.outputs("branches-off"));
        assertThat(completions(second))
                .filteredOn(NodeCompleted::reused)
                .filteredOn(event -> event.handledFailure().isPresent())
                .extracting(NodeCompleted::nodeId)
                .containsExactlyInAnyOrder("falls-back", "branches-off");
        // And once more, as what was taken over is taken over again.
        ExecutionResult third =
                Runs.ended(engine.redrive(second.executionId()).from("bad").start());
        assertThat(Runs.node(third, "falls-back").handledFailure())
                .isEqualTo(Runs.node(first, "falls-back").handledFailure());
    }

    @Test
    @DisplayName("S21 S29 a node chosen by hand leaves its handled failure behind")
    void a_node_chosen_by_hand_leaves_its_handled_failure_behind() {
        Flow flow = Flow.definition("handled")
                .trigger("t")
                .add(bodies.tracingBuilder("falls-back")
                        .onError(ErrorHandling.fallback("spare"))
                        .build())
                .connect("t", "falls-back")
                .build();
        ExecutionResult first = runBreaking("falls-back", flow);
        assertThat(first.output("falls-back", String.class)).isEqualTo("spare");

        ExecutionResult second = Runs.ended(
                engine.redrive(first.executionId()).from("falls-back").start());

        assertThat(second.output("falls-back", String.class)).isEqualTo("go>falls-back");
        assertThat(Runs.node(second, "falls-back").handledFailure()).isEmpty();
    }

    @Test
    @DisplayName("S17 S29 what a disabled node passed on is taken over")
    void what_a_disabled_node_passed_on_is_taken_over() {
        Flow flow = Flow.definition("disabled")
                .trigger("t")
                .add(bodies.tracingBuilder("off").disabled().build())
                .add(bodies.tracing("bad"))
                .connect("t", "off")
                .connect("off", "bad")
                .build();

        ExecutionResult second = redrive(runBreaking("bad", flow));

        assertThat(second.output("bad", String.class)).isEqualTo("go>bad");
        assertThat(Runs.states(second)).contains(entry("off", "COMPLETED*"));
        assertThat(second.snapshot().explain("off")).contains("taken over");
    }

    @Test
    @NeedsOverlap
    @DisplayName("S12 S29 a reused join that had fired early keeps its output and the connections that decided it")
    void a_reused_early_join_keeps_what_decided_it() {
        CountDownLatch joined = new CountDownLatch(1);
        Flow flow = Flow.definition("early")
                .trigger("t")
                .add(NodeDefinition.builder("slow")
                        .body(context -> {
                            Runs.awaitOpen(joined);
                            return "slow";
                        })
                        .build())
                .add(bodies.tracing("quick"))
                .add(NodeDefinition.builder("first")
                        .join(JoinRule.ANY_SUCCESS)
                        .body(context -> {
                            joined.countDown();
                            return context.input() + ">first";
                        })
                        .build())
                .add(bodies.tracing("bad"))
                .connect("t", "slow")
                .connect("t", "quick")
                .connect("slow", "first")
                .connect("quick", "first")
                .connect("first", "bad")
                .build();
        ExecutionResult first = runBreaking("bad", flow);
        assertThat(Runs.node(first, "first").decidedBy()).containsExactly(Connection.of("quick", "first"));

        ExecutionResult second = redrive(first);

        assertThat(second.output("bad", String.class)).isEqualTo("go>quick>first>bad");
        assertThat(Runs.node(second, "first").reused()).isTrue();
        assertThat(Runs.node(second, "first").decidedBy()).containsExactly(Connection.of("quick", "first"));
        assertThat(second.snapshot().explain("first"))
                .contains("taken over from execution " + first.executionId())
                .contains("was fired early by quick");
    }

    @Test
    @DisplayName("S29 bodies that run again read the outputs of reused nodes from their context")
    void bodies_read_the_outputs_of_reused_nodes_from_their_context() {
        FlowBuilder f = Flow.builder("reading");
        TriggerRef<String> start = f.trigger("start", String.class);
        NodeRef<String> a = f.node("a", start, text -> text + ">a").keep();
        NodeRef<String> b = f.node("b", a, text -> text + ">b").keep();
        NodeRef<String> reader = f.contextNode("reader", b, (text, context) -> {
            bodies.called("reader");
            return text + "|" + context.execution().output(a).value();
        });
        Flow flow = f.build();
        bodies.breakDown("reader");
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(flow, start, "go"));
        bodies.mend();

        assertThat(redrive(first).output(reader)).isEqualTo("go>a>b|go>a");
    }

    /** A flow of two nodes whose failures are handled, each in front of another node. */
    private Flow handling() {
        return Flow.definition("handled")
                .trigger("t")
                .add(bodies.tracingBuilder("falls-back")
                        .onError(ErrorHandling.fallback("spare"))
                        .build())
                .add(bodies.tracingBuilder("branches-off")
                        .onError(ErrorHandling.ERROR_OUTPUT)
                        .build())
                .add(bodies.tracing("of-error"))
                .add(bodies.tracing("bad"))
                .connect("t", "falls-back")
                .connect("t", "branches-off")
                .connect(new Connection("branches-off", "error", "of-error", "main"))
                .connect("falls-back", "bad")
                .build();
    }

    private ExecutionResult runBreaking(String node, Flow flow) {
        bodies.breakDown(node);
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(flow, "t", "go"));
        bodies.mend();
        bodies.takeCalls();
        return first;
    }

    private ExecutionResult redrive(ExecutionResult first) {
        return Runs.ended(engine.redrive(first.executionId()).start());
    }

    /** What was told of completions in an execution, once its end was told. */
    private List<NodeCompleted> completions(ExecutionResult result) {
        await().until(() -> of(result).stream().anyMatch(ExecutionFinished.class::isInstance));
        return of(result).stream()
                .filter(NodeCompleted.class::isInstance)
                .map(NodeCompleted.class::cast)
                .toList();
    }

    private List<ExecutionEvent> of(ExecutionResult result) {
        return events.stream()
                .filter(event -> event.executionId().equals(result.executionId()))
                .toList();
    }
}
