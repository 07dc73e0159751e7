package dev.flowengine.redrive;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RedrivePolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S29 an engine redrives failed executions by itself, as the policy of their flow says")
class AutomaticRedriveTest {
    private static final Duration DELAY = Duration.ofMinutes(10);

    private final Bodies bodies = new Bodies();
    private final VirtualTime time = new VirtualTime();
    private final FlowEngine engine =
            time.in(Engines.builder()).archive(5, Duration.ofDays(1)).build();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void a_failed_execution_is_redriven_so_many_times_each_after_the_delay() {
        bodies.breakDown("bad");
        ExecutionResult last = run(flow(RedrivePolicy.upTo(2, DELAY)));
        bodies.takeCalls();

        for (int redrive = 1; redrive <= 2; redrive++) {
            time.awaitPending(1);
            time.advance(DELAY.minusNanos(1));
            assertThat(time.pending()).as("before its time").isEqualTo(1);
            time.advance(Duration.ofNanos(1));
            ExecutionResult next = redriveOf(last);
            assertThat(next.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(next.snapshot().startedAt())
                    .isEqualTo(last.snapshot().endedAt().orElseThrow().plus(DELAY));
            assertThat(bodies.takeCalls()).containsExactly("bad");
            last = next;
        }

        awaitExhausted(last);
        assertThat(time.pending()).isZero();
        assertThat(all()).hasSize(3);
    }

    @Test
    void it_ends_once_a_redrive_completes() {
        bodies.breakDown("bad");
        ExecutionResult first = run(flow(RedrivePolicy.upTo(5, DELAY)));
        advanceToRedrive();
        ExecutionResult second = redriveOf(first);
        bodies.mend();
        advanceToRedrive();
        ExecutionResult third = redriveOf(second);

        assertThat(third.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(third.output("next", String.class)).isEqualTo("go>good>bad>next");
        assertThat(bodies.takeCalls()).containsExactly("bad", "bad", "bad", "good", "next");
        assertThat(time.pending()).isZero();
        assertThat(engine.exhausted()).isEmpty();
    }

    @Test
    void a_partly_successful_execution_is_redriven_and_a_cancelled_one_is_not() {
        CountDownLatch running = new CountDownLatch(1);
        Flow wide = Flow.definition("wide")
                .redrive(RedrivePolicy.upTo(1, DELAY))
                .trigger("t")
                .add(NodeDefinition.builder("wait")
                        .body(context -> {
                            if ("wait".equals(context.input())) {
                                running.countDown();
                                new CountDownLatch(1).await();
                            }
                            return null;
                        })
                        .build())
                .add(bodies.tracing("bad"))
                .connect("t", "wait")
                .connect("t", "bad")
                .build();
        FlowExecution cancelled = engine.executeFromTrigger(wide, "t", "wait");
        Runs.awaitOpen(running);
        cancelled.cancel("enough");
        // Its body is interrupted after some time, and that is when it ends.
        time.awaitPending(1);
        time.advanceToNext();
        assertThat(Runs.ended(cancelled).status()).isEqualTo(ExecutionStatus.CANCELLED);
        bodies.breakDown("bad");
        ExecutionResult partial = Runs.ended(engine.executeFromTrigger(wide, "t", "go"));
        assertThat(partial.status()).isEqualTo(ExecutionStatus.PARTIAL);
        bodies.mend();

        advanceToRedrive();
        assertThat(redriveOf(partial).status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(time.pending()).isZero();
        assertThat(redrivesOf(cancelled.id())).isEmpty();
    }

    @Test
    void a_flow_without_a_policy_is_not_redriven() {
        bodies.breakDown("bad");
        ExecutionResult left = run(flow(RedrivePolicy.none().when(failure -> true)));
        ExecutionResult redriven = run(flow(RedrivePolicy.upTo(1, DELAY)));

        advanceToRedrive();
        awaitExhausted(redriveOf(redriven));
        assertThat(redrivesOf(left.executionId())).isEmpty();
        assertThat(engine.exhausted()).hasSize(1);
    }

    @Test
    void a_predicate_chooses_by_the_failure() {
        ConcurrentLinkedQueue<FlowException> asked = new ConcurrentLinkedQueue<>();
        RedrivePolicy policy = RedrivePolicy.upTo(1, DELAY).when(failure -> {
            asked.add(failure);
            return failure.affectedNodes().contains("bad");
        });
        bodies.breakDown("good");
        ExecutionResult left = run(flow(policy));
        await().until(() -> asked.size() == 1);
        bodies.mend();
        bodies.breakDown("bad");
        ExecutionResult redriven = run(flow(policy));

        advanceToRedrive();
        ExecutionResult second = redriveOf(redriven);
        awaitExhausted(second);

        assertThat(asked)
                .containsExactly(
                        left.failure().orElseThrow(),
                        redriven.failure().orElseThrow(),
                        second.failure().orElseThrow());
        assertThat(redrivesOf(left.executionId())).isEmpty();
        assertThat(engine.exhausted())
                .extracting(ExecutionSummary::executionId)
                .as("what the predicate refused is not exhausted")
                .containsExactly(second.executionId());
    }

    @Test
    void exhausted_lists_the_last_of_each_row_newest_first_and_forgets_with_the_archive() {
        Flow flow = flow(RedrivePolicy.upTo(1, DELAY));
        bodies.breakDown("bad");
        ExecutionResult older = run(flow);
        advanceToRedrive();
        ExecutionResult lastOfOlder = redriveOf(older);
        awaitExhausted(lastOfOlder);
        ExecutionResult newer = run(flow);
        advanceToRedrive();
        ExecutionResult lastOfNewer = redriveOf(newer);
        awaitExhausted(lastOfNewer);

        assertThat(engine.exhausted())
                .extracting(ExecutionSummary::executionId)
                .containsExactly(lastOfNewer.executionId(), lastOfOlder.executionId());
        assertThat(engine.exhausted().get(0).redriveOf()).contains(newer.executionId());

        bodies.mend();
        for (int i = 0; i < 3; i++) {
            run(flow);
        }
        assertThat(engine.exhausted())
                .as("with room for 5 executions, of which 3 came later")
                .extracting(ExecutionSummary::executionId)
                .containsExactly(lastOfNewer.executionId());
    }

    @Test
    void a_redrive_asked_for_by_hand_begins_a_new_row() {
        Flow flow = flow(RedrivePolicy.upTo(1, DELAY));
        bodies.breakDown("bad");
        ExecutionResult first = run(flow);
        advanceToRedrive();
        ExecutionResult second = redriveOf(first);
        awaitExhausted(second);

        ExecutionResult byHand = Runs.ended(engine.redrive(second.executionId()).start());
        advanceToRedrive();
        ExecutionResult fourth = redriveOf(byHand);

        awaitExhausted(fourth);
        assertThat(engine.exhausted())
                .extracting(ExecutionSummary::executionId)
                .containsExactly(fourth.executionId(), second.executionId());
        assertThat(time.pending()).isZero();
    }

    @Test
    void an_automatic_redrive_keeps_the_user_and_not_the_deadline() {
        bodies.breakDown("bad");
        RunOptions options = RunOptions.builder()
                .userId("ann")
                .deadline(time.instant().plus(Duration.ofMinutes(1)))
                .build();
        ExecutionResult first =
                Runs.ended(engine.executeFromTrigger(flow(RedrivePolicy.upTo(1, DELAY)), "t", "go", options));
        bodies.mend();

        advanceToRedrive();
        ExecutionResult second = redriveOf(first);

        assertThat(second.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(redrivesOf(first.executionId()))
                .extracting(ExecutionSummary::userId)
                .containsExactly(Optional.of("ann"));
    }

    @Test
    void none_is_forgotten_while_others_ask_for_the_exhausted() throws InterruptedException {
        int count = 300;
        bodies.breakDown("bad");
        // By the system's time: each row is over almost at once.
        Flow flow = flow(RedrivePolicy.upTo(1, Duration.ofNanos(1)));
        try (FlowEngine large = Engines.builder().build()) {
            CountDownLatch done = new CountDownLatch(1);
            Thread asking = new Thread(() -> {
                while (done.getCount() > 0) {
                    large.exhausted();
                }
            });
            asking.start();
            for (int i = 0; i < count; i++) {
                large.executeFromTrigger(flow, "t", "go");
            }
            await().until(() -> large.history(HistoryQuery.all()
                                    .status(ExecutionStatus.FAILED)
                                    .limit(2 * count))
                            .executions()
                            .size()
                    == 2 * count);
            done.countDown();
            asking.join();
            await().until(() -> large.exhausted().size(), size -> size == count);
        }
    }

    /** A flow of which two nodes may fail. */
    private Flow flow(RedrivePolicy policy) {
        return Flow.definition("automatic")
                .redrive(policy)
                .trigger("t")
                .add(bodies.tracing("good"))
                .add(bodies.tracing("bad"))
                .add(bodies.tracing("next"))
                .connect("t", "good")
                .connect("good", "bad")
                .connect("bad", "next")
                .build();
    }

    private ExecutionResult run(Flow flow) {
        return Runs.ended(engine.executeFromTrigger(flow, "t", "go"));
    }

    private void advanceToRedrive() {
        time.awaitPending(1);
        time.advance(DELAY);
    }

    /** The only redrive of an execution, once there is one and it has ended. */
    private ExecutionResult redriveOf(ExecutionResult earlier) {
        await().until(() -> redrivesOf(earlier.executionId()).size() == 1);
        return Runs.ended(engine.find(redrivesOf(earlier.executionId()).get(0).executionId())
                .orElseThrow());
    }

    private List<ExecutionSummary> redrivesOf(String executionId) {
        return all().stream()
                .filter(execution -> execution.redriveOf().equals(Optional.of(executionId)))
                .toList();
    }

    private List<ExecutionSummary> all() {
        return engine.history(HistoryQuery.all()).executions();
    }

    private void awaitExhausted(ExecutionResult last) {
        await().until(() -> engine.exhausted().stream()
                .anyMatch(execution -> execution.executionId().equals(last.executionId())));
    }
}
