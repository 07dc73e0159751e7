package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.Redrive;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a redrive runs again. */
class RedriveTest {
    private final Bodies bodies = new Bodies();
    private final FlowEngine engine = Engines.create();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    @DisplayName("S29 failed nodes and what they had skipped run again, and every other completed node is reused")
    void failed_nodes_and_what_they_had_skipped_run_again() {
        Flow flow = flow("t", "a", "b", "c", "d")
                .connect("t", "a")
                .connect("a", "b")
                .connect("b", "c")
                .connect("a", "d")
                .build();
        bodies.breakDown("b");
        ExecutionResult first = run(flow);
        assertThat(first.status()).isEqualTo(ExecutionStatus.PARTIAL);

        bodies.mend();
        Redrive redrive = engine.redrive(first.executionId());
        assertThat(redrive.plan().executionId()).isEqualTo(first.executionId());
        assertThat(redrive.plan().rerun()).containsExactly("b", "c");
        assertThat(redrive.plan().reused()).containsExactly("t", "a", "d");
        assertThat(bodies.takeCalls()).as("before the start").containsExactly("a", "b", "d");
        ExecutionResult second = Runs.ended(redrive.start());

        assertThat(second.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(bodies.takeCalls()).containsExactly("b", "c");
        assertThat(Runs.states(second))
                .containsExactly(
                        entry("a", "COMPLETED*"),
                        entry("b", "COMPLETED"),
                        entry("c", "COMPLETED"),
                        entry("d", "COMPLETED*"),
                        entry("t", "COMPLETED*"));
        assertThat(second.output("c", String.class)).isEqualTo("go>a>b>c");
        assertThat(second.output("d", String.class)).isEqualTo("go>a>d");
    }

    @Test
    @DisplayName("S29 what is downstream of a failed node runs again although it had completed")
    void what_is_downstream_runs_again_whatever_its_status() {
        Flow flow = flow("t", "bad", "good")
                .add(bodies.joining("any", JoinRule.ANY_SUCCESS))
                .add(bodies.joining("alarm", JoinRule.ANY_FAILED))
                .add(bodies.joining("end", JoinRule.ALL_DONE))
                .add(bodies.joining("late", JoinRule.ALL_DONE))
                .connect("t", "bad")
                .connect("t", "good")
                .connect("bad", "any")
                .connect("good", "any")
                .connect("bad", "alarm")
                .connect("any", "end")
                .connect("good", "late")
                .after("late", "bad")
                .build();
        bodies.breakDown("bad");
        ExecutionResult first = run(flow);
        assertThat(Runs.states(first))
                .contains(
                        entry("any", "COMPLETED"),
                        entry("alarm", "COMPLETED"),
                        entry("end", "COMPLETED"),
                        entry("late", "COMPLETED"));
        bodies.takeCalls();

        bodies.mend();
        ExecutionResult second = redrive(first);

        assertThat(bodies.takeCalls()).containsExactly("any", "bad", "end", "late");
        assertThat(Runs.states(second))
                .contains(
                        entry("good", "COMPLETED*"),
                        entry("any", "COMPLETED"),
                        entry("alarm", "SKIPPED(CONDITION_FALSE)"),
                        entry("end", "COMPLETED"),
                        entry("late", "COMPLETED"));
    }

    @Test
    @DisplayName("S29 nodes that were cancelled run again, in the middle of an attempt or before the first")
    void cancelled_nodes_run_again() {
        CountDownLatch running = new CountDownLatch(1);
        Flow flow = flow("t", "done", "next")
                .add(NodeDefinition.builder("endless")
                        .body(context -> {
                            bodies.called("endless");
                            if (running.getCount() > 0) {
                                running.countDown();
                                new CountDownLatch(1).await();
                            }
                            return "over";
                        })
                        .build())
                .connect("t", "done")
                .connect("done", "endless")
                .connect("endless", "next")
                .build();
        try (FlowEngine impatient =
                Engines.builder().interruptAfter(Duration.ZERO).build()) {
            FlowExecution run = impatient.executeFromTrigger(flow, "t", "go");
            Runs.awaitOpen(running);
            run.cancel("enough");
            ExecutionResult first = Runs.ended(run);
            assertThat(first.status()).isEqualTo(ExecutionStatus.CANCELLED);
            bodies.takeCalls();

            Redrive redrive = impatient.redrive(run.id());
            assertThat(redrive.plan().rerun()).containsExactly("next", "endless");
            ExecutionResult second = Runs.ended(redrive.start());

            assertThat(second.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(bodies.takeCalls()).containsExactly("endless", "next");
            assertThat(Runs.node(second, "endless").attempt()).isEqualTo(1);
            assertThat(second.output("next", String.class)).isEqualTo("over>next");
        }
    }

    @Test
    @DisplayName("S27 S29 what an execution that took too long had not finished runs again")
    void what_an_execution_that_took_too_long_had_not_finished_runs_again() {
        VirtualTime time = new VirtualTime();
        CountDownLatch running = new CountDownLatch(1);
        Flow flow = flow("t", "a", "c")
                .add(NodeDefinition.builder("slow")
                        .body(context -> {
                            if (running.getCount() > 0) {
                                running.countDown();
                                new CountDownLatch(1).await();
                            }
                            return context.input();
                        })
                        .build())
                .connect("t", "a")
                .connect("a", "slow")
                .connect("slow", "c")
                .build();
        RunOptions limited = RunOptions.builder().timeout(Duration.ofMinutes(1)).build();
        try (FlowEngine slow = time.in(Engines.builder()).build()) {
            FlowExecution run = slow.executeFromTrigger(flow, "t", "go", limited);
            Runs.awaitOpen(running);
            time.advance(Duration.ofMinutes(1));
            ExecutionResult first = Runs.ended(run);
            assertThat(first.failure().orElseThrow().kind()).isEqualTo(FailureKind.EXECUTION_TIMEOUT);

            ExecutionResult second =
                    Runs.ended(slow.redrive(first.executionId()).start());

            assertThat(second.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(second.output("c", String.class)).isEqualTo("go>a>c");
            assertThat(Runs.states(second)).contains(entry("a", "COMPLETED*"), entry("slow", "COMPLETED"));
        }
    }

    @Test
    @DisplayName("S29 a node that was skipped by hand runs again, even if the execution completed")
    void a_node_that_was_skipped_by_hand_runs_again()
            throws InterruptedException, ExecutionException, TimeoutException {
        CountDownLatch running = new CountDownLatch(1);
        Flow flow = flow("t", "a", "next")
                .add(NodeDefinition.builder("stuck")
                        .body(context -> {
                            bodies.called("stuck");
                            if (running.getCount() > 0) {
                                running.countDown();
                                new CountDownLatch(1).await();
                            }
                            return context.input();
                        })
                        .build())
                .connect("t", "a")
                .connect("t", "stuck")
                .connect("stuck", "next")
                .build();
        FlowExecution run = engine.executeFromTrigger(flow, "t", "go");
        Runs.awaitOpen(running);
        run.node("stuck").skip("of no use").toCompletableFuture().get(30, TimeUnit.SECONDS);
        ExecutionResult first = Runs.ended(run);
        assertThat(Runs.states(first)).containsEntry("stuck", "SKIPPED(MANUAL)");
        assertThat(first.status()).isEqualTo(ExecutionStatus.COMPLETED);
        bodies.takeCalls();

        ExecutionResult second = redrive(first);

        assertThat(bodies.takeCalls()).containsExactly("next", "stuck");
        assertThat(second.output("next", String.class)).isEqualTo("go>next");
        assertThat(Runs.states(second)).containsEntry("a", "COMPLETED*");
    }

    @Test
    @DisplayName("S29 a choice of branch that is reused is kept, and what it left out is neither run nor taken over")
    void a_choice_of_branch_that_is_reused_is_kept() {
        Flow flow = flow("t", "right", "left", "bad")
                .add(bodies.choosing("choice", "r", "l", "r"))
                .add(bodies.joining("either", JoinRule.DEFAULT))
                .connect("t", "choice")
                .connect(new Connection("choice", "l", "left", "main"))
                .connect(new Connection("choice", "r", "right", "main"))
                .connect("left", "either")
                .connect("right", "either")
                .connect("either", "bad")
                .build();
        bodies.breakDown("bad");
        ExecutionResult first = run(flow);
        bodies.takeCalls();

        bodies.mend();
        Redrive redrive = engine.redrive(first.executionId());
        assertThat(redrive.plan().rerun()).containsExactly("bad");
        assertThat(redrive.plan().reused()).containsExactly("t", "right", "choice", "either");
        ExecutionResult second = Runs.ended(redrive.start());

        assertThat(bodies.takeCalls()).containsExactly("bad");
        assertThat(Runs.states(second)).containsEntry("left", "SKIPPED(BRANCH_NOT_TAKEN)");
        assertThat(Runs.node(second, "choice").firedPorts()).containsExactly("r");
        assertThat(second.output("bad", String.class)).isEqualTo("go>choice>right>either>bad");
    }

    @Test
    @DisplayName("S22 S29 after a fail-fast the redrive runs what failed and what was never reached")
    void after_a_fail_fast_the_rest_runs() {
        Flow flow = flow("t", "a", "bad", "later")
                .failureMode(FailureMode.FAIL_FAST)
                .connect("t", "a")
                .connect("a", "bad")
                .connect("bad", "later")
                .build();
        bodies.breakDown("bad");
        ExecutionResult first = run(flow);
        assertThat(Runs.states(first)).contains(entry("bad", "FAILED"), entry("later", "CANCELLED"));
        bodies.takeCalls();

        bodies.mend();
        ExecutionResult second = redrive(first);

        assertThat(second.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(bodies.takeCalls()).containsExactly("bad", "later");
    }

    @Test
    @DisplayName("S22 S29 a join that went on without a failed branch runs again with it")
    void a_join_that_went_on_without_a_failed_branch_runs_again_with_it() {
        Flow flow = flow("t", "bad", "good")
                .failureMode(FailureMode.SKIP_FAILED_BRANCH)
                .add(bodies.joining("both", JoinRule.ALL_DONE))
                .connect("t", "bad")
                .connect("t", "good")
                .connect("bad", "both")
                .connect("good", "both")
                .build();
        bodies.breakDown("bad");
        ExecutionResult first = run(flow);
        assertThat(first.output("both", String.class)).isEqualTo("go>good>both");

        bodies.mend();
        ExecutionResult second = redrive(first);

        assertThat(second.output("both", String.class)).isEqualTo("go>bad>both");
        assertThat(Runs.states(second)).contains(entry("good", "COMPLETED*"), entry("both", "COMPLETED"));
    }

    @Test
    @DisplayName("S29 what fails again is FAILED in the redrive too, and its dependents are skipped")
    void what_fails_again_is_failed_in_the_redrive_too() {
        Flow flow = flow("t", "a", "bad", "next")
                .connect("t", "a")
                .connect("a", "bad")
                .connect("bad", "next")
                .build();
        bodies.breakDown("bad");

        ExecutionResult second = redrive(run(flow));

        assertThat(second.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(Runs.states(second))
                .contains(entry("a", "COMPLETED*"), entry("bad", "FAILED"), entry("next", "SKIPPED(UPSTREAM_FAILED)"));
        assertThat(second.failure().orElseThrow().affectedNodes()).containsExactly("bad");
        assertThat(second.failure().orElseThrow().getMessage()).contains(second.executionId());
        assertThat(Runs.node(second, "bad").status()).isEqualTo(NodeStatus.FAILED);
    }

    @Test
    @DisplayName("S13 S29 a long chain of reused nodes overflows no stack")
    void a_long_chain_of_reused_nodes_overflows_no_stack() {
        int length = 50_000;
        FlowDefinition chain = Flow.definition("chain").trigger("t");
        String before = "t";
        for (int i = 1; i < length; i++) {
            chain.add(NodeDefinition.builder("n" + i).passThrough().build()).connect(before, "n" + i);
            before = "n" + i;
        }
        Flow flow = chain.add(bodies.tracing("last")).connect(before, "last").build();
        bodies.breakDown("last");
        ExecutionResult first = run(flow);

        bodies.mend();
        ExecutionResult second = redrive(first);

        assertThat(second.output("last", String.class)).isEqualTo("go>last");
        assertThat(second.executionPath()).hasSize(length + 1);
        assertThat(bodies.takeCalls()).containsExactly("last", "last");
    }

    private ExecutionResult run(Flow flow) {
        return Runs.ended(engine.executeFromTrigger(flow, "t", "go"));
    }

    private ExecutionResult redrive(ExecutionResult first) {
        return Runs.ended(engine.redrive(first.executionId()).start());
    }

    /** A flow of a trigger and tracing nodes. */
    private FlowDefinition flow(String trigger, String... nodes) {
        FlowDefinition flow = Flow.definition("redriven").trigger(trigger);
        for (String node : nodes) {
            flow.add(bodies.tracing(node));
        }
        return flow;
    }
}
