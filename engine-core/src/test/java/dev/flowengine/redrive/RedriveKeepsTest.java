package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.execution.Redrive;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.node.ExecutionContext;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What was asked of an execution holds for its redrives. */
class RedriveKeepsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Bodies bodies = new Bodies();
    private final VirtualTime time = new VirtualTime();
    private final FlowEngine engine = time.in(Engines.builder()).build();

    /** Two ways from the trigger to an end with two ports. */
    private final Flow flow = Flow.definition("kept")
            .trigger("t")
            .add(bodies.tracing("a"))
            .add(bodies.tracing("b"))
            .add(bodies.taking("end", InputPort.required("left"), InputPort.required("right")))
            .add(bodies.tracing("after"))
            .connect("t", "a")
            .connect("t", "b")
            .connect(new Connection("a", "main", "end", "left"))
            .connect(new Connection("b", "main", "end", "right"))
            .connect("end", "after")
            .build();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    @DisplayName("S18 S29 a pin holds in the redrive: pinned, not reused, and its body is not called")
    void a_pin_holds_in_the_redrive() {
        ExecutionResult first =
                runBreaking("end", RunOptions.builder().pin("b", "main", "pin").build());

        ExecutionResult second = redrive(first);

        assertThat(second.output("after", String.class)).isEqualTo("go>a+pin>end>after");
        assertThat(Runs.node(second, "b").pinned()).isTrue();
        assertThat(Runs.node(second, "b").reused()).isFalse();
        assertThat(Runs.node(second, "a").pinned()).isFalse();
        assertThat(Runs.node(second, "a").reused()).isTrue();
    }

    @Test
    @DisplayName("S18 S29 a pin also holds for a node that runs again with what is upstream of it")
    void a_pin_also_holds_for_a_node_that_runs_again() {
        ExecutionResult first =
                runBreaking("a", RunOptions.builder().pin("end", "main", "pin").build());
        assertThat(Runs.states(first)).containsEntry("end", "SKIPPED(UPSTREAM_FAILED)");

        ExecutionResult second = redrive(first);

        assertThat(second.output("after", String.class)).isEqualTo("pin>after");
        assertThat(Runs.node(second, "end").pinned()).isTrue();
        assertThat(bodies.takeCalls()).containsExactly("a", "after");
    }

    @Test
    @DisplayName("S4 S29 what the first execution was cut to holds for the redrive")
    void what_the_execution_was_cut_to_holds_for_the_redrive() {
        ExecutionResult first =
                runBreaking("a", RunOptions.builder().upTo("end").build());

        ExecutionResult second = redrive(first);

        assertThat(second.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(second.snapshot().node("after")).isEmpty();
        assertThat(second.snapshot().plan().scope()).containsExactly("t", "a", "b", "end");
    }

    @Test
    @DisplayName("S2 S29 outputs of another execution still supply the redrive when that one is long forgotten")
    void outputs_of_another_execution_still_supply_the_redrive() {
        try (FlowEngine small =
                Engines.builder().archive(2, Duration.ofHours(1)).build()) {
            ExecutionResult source = Runs.ended(small.executeFromTrigger(flow, "t", "old"));
            RunOptions supplied =
                    RunOptions.builder().outputsFrom(source.executionId()).build();
            bodies.breakDown("end");
            ExecutionResult first = Runs.ended(small.executeFromNode(flow, "a", PortValues.of("main", "in"), supplied));
            bodies.mend();
            ExecutionResult other = Runs.ended(small.executeFromTrigger(flow, "t", "other"));
            assertThat(small.find(source.executionId())).isEmpty();
            assertThat(small.find(other.executionId())).isPresent();

            ExecutionResult second =
                    Runs.ended(small.redrive(first.executionId()).start());

            assertThat(second.output("end", String.class)).isEqualTo("in>a+old>b>end");
            assertThat(second.snapshot().plan().supplied()).containsExactly("t", "b");
        }
    }

    @Test
    @DisplayName("S5 S29 a start without the dependency check is redriven without it")
    void a_start_without_the_dependency_check_is_redriven_without_it() {
        RunOptions unchecked = RunOptions.builder().skipDependencyCheck().build();
        bodies.breakDown("a");
        ExecutionResult first = Runs.ended(engine.executeFromNode(flow, "a", PortValues.of("main", "in"), unchecked));
        bodies.mend();

        ExecutionResult second = redrive(first);

        assertThat(second.output("a", String.class)).isEqualTo("in>a");
        assertThat(Runs.states(second))
                .containsOnly(
                        entry("a", "COMPLETED"),
                        entry("end", "SKIPPED(MISSING_INPUT)"),
                        entry("after", "SKIPPED(ALL_INPUTS_SKIPPED)"));
    }

    @Test
    @DisplayName("S29 a redrive runs on behalf of the same user, unless another is named")
    void a_redrive_runs_on_behalf_of_the_same_user() {
        ExecutionResult first =
                runBreaking("end", RunOptions.builder().userId("ann").build());
        ConcurrentLinkedQueue<Optional<String>> users = new ConcurrentLinkedQueue<>();

        ExecutionResult second = redrive(first);
        ExecutionResult third =
                Runs.ended(engine.redrive(first.executionId()).userId("bob").start());

        for (ExecutionResult each : List.of(first, second, third)) {
            users.add(summaryUser(each.executionId()));
        }
        assertThat(users).containsExactly(Optional.of("ann"), Optional.of("ann"), Optional.of("bob"));
    }

    @Test
    @DisplayName("S29 bodies of a redrive see its own id and start, and the data of the first execution's trigger")
    void bodies_of_a_redrive_see_their_own_execution() {
        ConcurrentLinkedQueue<ExecutionContext> seen = new ConcurrentLinkedQueue<>();
        Flow looking = Flow.definition("looking")
                .trigger("t")
                .add(NodeDefinition.builder("look")
                        .body(context -> {
                            seen.add(context.execution());
                            bodies.called("look");
                            return null;
                        })
                        .build())
                .connect("t", "look")
                .build();
        bodies.breakDown("look");
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(looking, "t", "data"));
        time.advance(MINUTE);

        ExecutionResult second = redrive(first);

        assertThat(seen)
                .extracting(ExecutionContext::executionId)
                .containsExactly(first.executionId(), second.executionId());
        assertThat(seen).extracting(ExecutionContext::triggerData).containsExactly("data", "data");
        assertThat(seen)
                .extracting(ExecutionContext::startedAt)
                .containsExactly(time.instant().minus(MINUTE), time.instant());
        assertThat(seen.peek()).isNotNull();
        assertThat(seen.stream().toList().get(1).executionPath()).contains("t");
    }

    @Test
    @DisplayName("S27 S29 the timeout of the first execution limits the redrive anew")
    void the_timeout_of_the_first_execution_limits_the_redrive_anew() {
        mustEndAfter(redriveStuck(RunOptions.builder().timeout(MINUTE).build(), redrive -> redrive), MINUTE);
    }

    @Test
    @DisplayName("S27 S29 a redrive may be given another timeout")
    void a_redrive_may_be_given_another_timeout() {
        Duration other = MINUTE.multipliedBy(3);
        mustEndAfter(
                redriveStuck(RunOptions.builder().timeout(MINUTE).build(), redrive -> redrive.timeout(other)), other);
    }

    @Test
    @DisplayName("S27 S29 the deadline of the first execution does not hold for the redrive, but one of its own does")
    void the_deadline_of_the_first_execution_does_not_hold() {
        Instant past = time.instant().plus(MINUTE);
        Stuck free = redriveStuck(RunOptions.builder().deadline(past).build(), redrive -> redrive);
        time.advance(Duration.ofDays(1));
        assertThat(free.run.status()).isEqualTo(ExecutionStatus.RUNNING);
        free.release.countDown();
        assertThat(Runs.ended(free.run).status()).isEqualTo(ExecutionStatus.COMPLETED);

        Instant soon = time.instant().plus(MINUTE.multipliedBy(2));
        mustEndAfter(redriveStuck(RunOptions.ofDefaults(), redrive -> redrive.deadline(soon)), MINUTE.multipliedBy(2));
    }

    /** A redrive whose last node waits until it is released, of an execution in which that node failed. */
    private Stuck redriveStuck(RunOptions options, UnaryOperator<Redrive> configure) {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Flow waiting = Flow.definition("waiting")
                .trigger("t")
                .add(NodeDefinition.builder("wait")
                        .body(context -> {
                            bodies.called("wait");
                            entered.countDown();
                            release.await();
                            return null;
                        })
                        .build())
                .connect("t", "wait")
                .build();
        bodies.breakDown("wait");
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(waiting, "t", "go", options));
        assertThat(first.status()).isEqualTo(ExecutionStatus.FAILED);
        bodies.mend();
        FlowExecution second =
                configure.apply(engine.redrive(first.executionId())).start();
        Runs.awaitOpen(entered);
        return new Stuck(second, release);
    }

    private void mustEndAfter(Stuck stuck, Duration limit) {
        time.advance(limit.minusNanos(1));
        assertThat(stuck.run.status()).isEqualTo(ExecutionStatus.RUNNING);
        time.advance(Duration.ofNanos(1));
        assertThat(Runs.ended(stuck.run).failure().orElseThrow().kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);
    }

    private ExecutionResult runBreaking(String node, RunOptions options) {
        bodies.breakDown(node);
        ExecutionResult first = Runs.ended(engine.executeFromTrigger(flow, "t", "go", options));
        assertThat(first.status()).isEqualTo(ExecutionStatus.FAILED);
        bodies.mend();
        bodies.takeCalls();
        return first;
    }

    private ExecutionResult redrive(ExecutionResult first) {
        return Runs.ended(engine.redrive(first.executionId()).start());
    }

    private Optional<String> summaryUser(String executionId) {
        return engine.history(HistoryQuery.all()).executions().stream()
                .filter(execution -> execution.executionId().equals(executionId))
                .findFirst()
                .orElseThrow()
                .userId();
    }

    /** An execution that goes on until it is released. */
    private record Stuck(FlowExecution run, CountDownLatch release) {}

    @Test
    @DisplayName("S29 S42 idempotency keys are the same for every attempt, new in a redrive, unless it keeps them")
    void keys_are_new_unless_they_are_kept() {
        List<String> keys = new CopyOnWriteArrayList<>();
        AtomicBoolean broken = new AtomicBoolean(true);
        Flow flow = Flow.definition("keys")
                .trigger("t")
                .add(NodeDefinition.builder("a")
                        .body(context -> {
                            keys.add(context.idempotencyKey());
                            if (broken.get()) {
                                throw new IllegalStateException("again");
                            }
                            return 1;
                        })
                        .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(2))
                        .build())
                .connect("t", "a")
                .build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult first = Runs.ended(engine.executeFromTrigger(flow, "t", 1));
            ExecutionResult kept =
                    Runs.ended(engine.redrive(first.executionId()).keepKeys().start());
            ExecutionResult keptAgain =
                    Runs.ended(engine.redrive(kept.executionId()).keepKeys().start());
            broken.set(false);
            ExecutionResult fresh =
                    Runs.ended(engine.redrive(keptAgain.executionId()).start());

            String old = first.executionId() + "/a";
            assertThat(keys).containsExactly(old, old, old, old, old, old, fresh.executionId() + "/a");
        }
    }
}
