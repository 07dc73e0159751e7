package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.execution.Redrive;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Executions and their redrives. */
class RedriveLineageTest {
    private final Bodies bodies = new Bodies();
    private final FlowEngine engine = Engines.create();
    private final Flow flow = Flow.definition("line")
            .trigger("t")
            .add(bodies.tracing("a"))
            .add(bodies.tracing("b"))
            .add(bodies.tracing("c"))
            .connect("t", "a")
            .connect("a", "b")
            .connect("b", "c")
            .build();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    @DisplayName("S29 a redrive is a new execution with a new id, and the old one stays as it was")
    void a_redrive_is_a_new_execution() {
        ExecutionResult first = runBreaking("b");
        List<NodeState> before = List.copyOf(first.snapshot().nodes());

        FlowExecution run = engine.redrive(first.executionId()).start();
        ExecutionResult second = Runs.ended(run);

        assertThat(second.executionId()).isNotEqualTo(first.executionId()).isEqualTo(run.id());
        assertThat(run.flowId()).isEqualTo("line");
        assertThat(second.snapshot().redriveOf()).contains(first.executionId());
        FlowExecution old = engine.find(first.executionId()).orElseThrow();
        assertThat(old.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(old.snapshot().nodes()).isEqualTo(before);
        assertThat(old.snapshot().redriveOf()).isEmpty();
        assertThat(first.outputs("a")).isEqualTo(PortValues.of("main", "go>a"));
        assertThat(engine.find(second.executionId()).orElseThrow().snapshot().redriveOf())
                .contains(first.executionId());
    }

    @Test
    @DisplayName("S29 a redrive can be redriven: each is linked to the one before, and what completed in any is reused")
    void a_redrive_can_be_redriven() {
        ExecutionResult first = runBreaking("b");
        bodies.breakDown("c");
        ExecutionResult second = redrive(first);
        assertThat(Runs.states(second)).contains(entry("b", "COMPLETED"), entry("c", "FAILED"));
        bodies.mend();
        bodies.takeCalls();

        ExecutionResult third = redrive(second);

        assertThat(third.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(third.snapshot().redriveOf()).contains(second.executionId());
        assertThat(second.snapshot().redriveOf()).contains(first.executionId());
        assertThat(Runs.states(third))
                .containsExactly(
                        entry("a", "COMPLETED*"),
                        entry("b", "COMPLETED*"),
                        entry("c", "COMPLETED"),
                        entry("t", "COMPLETED*"));
        assertThat(bodies.takeCalls()).containsExactly("c");
        assertThat(third.output("c", String.class)).isEqualTo("go>a>b>c");
    }

    @Test
    @DisplayName("S29 what a redrive had taken over runs again if a redrive of that one is to begin there")
    void what_a_redrive_had_taken_over_can_run_again() {
        ExecutionResult second = redrive(runBreaking("c"));
        assertThat(Runs.states(second)).contains(entry("a", "COMPLETED*"), entry("b", "COMPLETED*"));
        bodies.takeCalls();

        ExecutionResult third =
                Runs.ended(engine.redrive(second.executionId()).from("b").start());

        assertThat(bodies.takeCalls()).containsExactly("b", "c");
        assertThat(Runs.states(third)).contains(entry("a", "COMPLETED*"), entry("b", "COMPLETED"));
        assertThat(third.output("c", String.class)).isEqualTo("go>a>b>c");
    }

    @Test
    @DisplayName("S29 an edited input holds in the redrives of the redrive, until it is edited again")
    void an_edited_input_holds_in_later_redrives() {
        ExecutionResult first = runBreaking("b");
        bodies.breakDown("b");
        ExecutionResult second = Runs.ended(engine.redrive(first.executionId())
                .from("b", PortValues.of("main", "edited"))
                .start());
        assertThat(Runs.states(second)).containsEntry("b", "FAILED");
        bodies.mend();

        assertThat(redrive(second).output("c", String.class)).isEqualTo("edited>b>c");
        ExecutionResult other = Runs.ended(engine.redrive(second.executionId())
                .from("b", PortValues.of("main", "again"))
                .start());
        assertThat(other.output("c", String.class)).isEqualTo("again>b>c");
    }

    @Test
    @DisplayName("S29 an execution can be redriven more than once, also by one and the same redrive")
    void an_execution_can_be_redriven_more_than_once() {
        ExecutionResult first = runBreaking("c");
        Redrive redrive = engine.redrive(first.executionId());

        ExecutionResult second = Runs.ended(redrive.start());
        ExecutionResult third = Runs.ended(redrive.start());

        assertThat(third.executionId()).isNotEqualTo(second.executionId());
        assertThat(List.of(second, third)).allSatisfy(each -> {
            assertThat(each.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(each.snapshot().redriveOf()).contains(first.executionId());
        });
    }

    @Test
    @DisplayName("R35 a redrive of an execution in which all went well is refused, and starts nothing")
    void a_redrive_without_anything_to_do_is_refused() {
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(flow, "t", "go"));
        Redrive redrive = engine.redrive(first.executionId());
        assertThat(redrive.plan().rerun()).isEmpty();
        assertThat(redrive.plan().reused()).containsExactly("t", "a", "b", "c");

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(redrive::start)
                .withMessageContainingAll(first.executionId(), "'line'", "COMPLETED")
                .satisfies(refusal -> {
                    assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE);
                    assertThat(refusal.suggestedResolution()).contains("from(");
                });
        assertThat(Runs.ended(redrive.from("c").start()).status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("R35 a cancelled execution all of whose nodes had completed has nothing to run again either")
    void a_cancelled_execution_whose_nodes_completed_has_nothing_to_run_again() {
        CountDownLatch running = new CountDownLatch(1);
        Flow polite = Flow.definition("polite")
                .trigger("t")
                .add(NodeDefinition.builder("last")
                        .body(context -> {
                            running.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException stop) {
                                return "in time";
                            }
                            return "never";
                        })
                        .build())
                .connect("t", "last")
                .build();
        try (FlowEngine impatient =
                Engines.builder().interruptAfter(Duration.ZERO).build()) {
            FlowExecution run = impatient.executeFromTrigger(polite, "t", "go");
            Runs.awaitOpen(running);
            run.cancel("enough");
            assertThat(Runs.ended(run).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(Runs.states(Runs.ended(run))).containsEntry("last", "COMPLETED");

            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> impatient.redrive(run.id()).start())
                    .withMessageContaining("CANCELLED")
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE));
        }
    }

    @Test
    @DisplayName("S29 an execution that has not ended cannot be redriven")
    void an_execution_that_has_not_ended_cannot_be_redriven() {
        CountDownLatch release = new CountDownLatch(1);
        Flow waiting = Flow.definition("waiting")
                .trigger("t")
                .add(NodeDefinition.builder("wait")
                        .body(context -> {
                            Runs.awaitOpen(release);
                            return null;
                        })
                        .build())
                .connect("t", "wait")
                .build();
        FlowExecution run = engine.executeFromTrigger(waiting, "t", "go");

        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> engine.redrive(run.id()))
                .withMessageContaining(run.id())
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE));
        release.countDown();
        Runs.ended(run);
        assertThat(engine.redrive(run.id()).plan().rerun()).isEmpty();
    }

    @Test
    @DisplayName("S29 R31 an execution that is unknown, or not kept any more, cannot be redriven")
    void an_execution_that_is_not_kept_cannot_be_redriven() {
        try (FlowEngine small =
                Engines.builder().archive(1, Duration.ofHours(1)).build()) {
            ExecutionResult evicted = Runs.ended(small.executeFromTrigger(flow, "t", "go"));
            Runs.ended(small.executeFromTrigger(flow, "t", "go"));

            for (String id : List.of(evicted.executionId(), "nonsense")) {
                assertThatExceptionOfType(FlowException.class)
                        .isThrownBy(() -> small.redrive(id))
                        .withMessageContaining(id)
                        .satisfies(refusal -> {
                            assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND);
                            assertThat(refusal.suggestedResolution()).contains("archive()");
                        });
            }
        }
    }

    @Test
    @DisplayName("S29 a redrive that was prepared works although its execution is forgotten meanwhile")
    void a_redrive_that_was_prepared_works_although_its_execution_is_forgotten() {
        try (FlowEngine small =
                Engines.builder().archive(1, Duration.ofHours(1)).build()) {
            bodies.breakDown("c");
            ExecutionResult first = Runs.ended(small.executeFromTrigger(flow, "t", "go"));
            bodies.mend();
            Redrive redrive = small.redrive(first.executionId());
            Runs.ended(small.executeFromTrigger(flow, "t", "other"));
            assertThat(small.find(first.executionId())).isEmpty();

            ExecutionResult second = Runs.ended(redrive.start());

            assertThat(second.output("c", String.class)).isEqualTo("go>a>b>c");
            assertThat(second.snapshot().redriveOf()).contains(first.executionId());
        }
    }

    @Test
    @DisplayName("S29 a closed engine still plans a redrive, but does not start it")
    void a_closed_engine_does_not_start_a_redrive() {
        ExecutionResult first = runBreaking("b");
        engine.close();

        Redrive redrive = engine.redrive(first.executionId());
        assertThat(redrive.plan().rerun()).containsExactly("b", "c");
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(redrive::start)
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.ENGINE_CLOSED));
    }

    private ExecutionResult runBreaking(String node) {
        bodies.breakDown(node);
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(flow, "t", "go"));
        assertThat(first.status()).isEqualTo(ExecutionStatus.FAILED);
        bodies.mend();
        bodies.takeCalls();
        return first;
    }

    private ExecutionResult redrive(ExecutionResult first) {
        return Runs.ended(engine.redrive(first.executionId()).start());
    }
}
