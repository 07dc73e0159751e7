package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.EngineHealth;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RedrivePolicy;
import dev.flowengine.model.FlowException;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S29 what goes wrong about an automatic redrive troubles nobody")
class AutomaticRedriveTroubleTest {
    private static final Duration DELAY = Duration.ofMinutes(10);

    private final Set<Thread> ofOthers = deliveryThreads();
    private final Bodies bodies = new Bodies();
    private final VirtualTime time = new VirtualTime();
    private final FlowEngine engine = time.in(Engines.builder()).build();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void a_predicate_that_throws_redrives_nothing_and_is_told_with_the_failure() {
        IllegalStateException broken = new IllegalStateException("broken predicate");
        RedrivePolicy policy = RedrivePolicy.upTo(3, DELAY).when(failure -> {
            throw broken;
        });
        bodies.breakDown("bad");
        FlowException failure = run(flow(policy)).failure().orElseThrow();

        await().atMost(Runs.PATIENCE).until(() -> failure.getSuppressed().length == 1);

        assertThat(failure.getSuppressed()).containsExactly(broken);
        assertThat(time.pending()).isZero();
        assertThat(all()).hasSize(1);
        assertThat(engine.exhausted()).isEmpty();
    }

    @Test
    void a_predicate_may_throw_the_very_failure_it_is_asked_about() throws InterruptedException {
        ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
        RedrivePolicy policy = RedrivePolicy.upTo(3, DELAY).when(failure -> {
            threads.add(Thread.currentThread());
            throw failure;
        });
        bodies.breakDown("bad");

        List<Throwable> uncaught = uncaughtWhile(() -> {
            run(flow(policy));
            engine.close();
            await().atMost(Runs.PATIENCE).until(() -> threads.size() == 1);
            threads.element().join(Runs.PATIENCE.toMillis());
        });

        assertThat(threads.element().isAlive()).isFalse();
        assertThat(uncaught).isEmpty();
        assertThat(time.pending()).isZero();
    }

    @Test
    void a_closed_engine_redrives_nothing_any_more() throws InterruptedException {
        bodies.breakDown("bad");
        run(flow(RedrivePolicy.upTo(1, DELAY)));
        time.awaitPending(1);
        bodies.takeCalls();

        List<Throwable> uncaught = uncaughtWhile(() -> {
            engine.close();
            time.advance(DELAY);
            await("the end of this engine's delivery threads")
                    .atMost(Runs.PATIENCE)
                    .until(() -> ofOthers.containsAll(deliveryThreads()));
        });

        assertThat(uncaught).isEmpty();
        assertThat(all()).hasSize(1);
        assertThat(bodies.takeCalls()).isEmpty();
    }

    @Test
    void a_failure_considered_when_the_engine_is_closed_troubles_nobody() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
        RedrivePolicy policy = RedrivePolicy.upTo(1, DELAY).when(failure -> {
            threads.add(Thread.currentThread());
            Runs.awaitOpen(closed);
            return true;
        });
        bodies.breakDown("bad");
        FlowEngine withItsOwnTimer = Engines.create();

        List<Throwable> uncaught = uncaughtWhile(() -> {
            Runs.ended(withItsOwnTimer.executeFromTrigger(flow(policy), "t", "go"));
            await().atMost(Runs.PATIENCE).until(() -> threads.size() == 1);
            withItsOwnTimer.close();
            closed.countDown();
            threads.element().join(Runs.PATIENCE.toMillis());
        });

        assertThat(threads.element().isAlive()).isFalse();
        assertThat(uncaught).isEmpty();
    }

    @Test
    void what_is_still_to_be_redriven_is_taken_back_when_the_engine_closes() {
        bodies.breakDown("bad");
        run(flow(RedrivePolicy.upTo(1, DELAY)));
        time.awaitPending(1);

        engine.close();

        await().atMost(Runs.PATIENCE).until(() -> time.pending() == 0);
    }

    @Test
    void what_fails_while_the_engine_closes_is_not_redriven() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Flow flow = Flow.definition("closing")
                .redrive(RedrivePolicy.upTo(1, DELAY))
                .trigger("t")
                .add(NodeDefinition.builder("bad")
                        .body(context -> {
                            entered.countDown();
                            Runs.awaitOpen(release);
                            throw new IllegalStateException("while closing");
                        })
                        .build())
                .connect("t", "bad")
                .build();
        FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
        Runs.awaitOpen(entered);
        Thread closing = new Thread(engine::close);
        closing.start();
        await().atMost(Runs.PATIENCE).until(() -> engine.health().status() == EngineHealth.Status.DOWN);
        release.countDown();
        closing.join();
        Runs.ended(run);

        await().during(Duration.ofMillis(50)).atMost(Runs.PATIENCE).until(() -> time.pending() == 0);
    }

    @Test
    void what_no_timer_could_be_set_for_is_among_those_that_are_not_tried_again() throws InterruptedException {
        IllegalStateException refusal = new IllegalStateException("no more timers");
        bodies.breakDown("bad");
        List<Throwable> uncaught = uncaughtWhile(() -> {
            try (FlowEngine broken = Engines.builder()
                    .timer((delay, task) -> {
                        throw refusal;
                    })
                    .build()) {
                ExecutionResult end =
                        Runs.ended(broken.executeFromTrigger(flow(RedrivePolicy.upTo(3, DELAY)), "t", "go"));
                await().atMost(Runs.PATIENCE).until(() -> broken.exhausted().size() == 1);

                assertThat(end.failure().orElseThrow()).hasSuppressedException(refusal);
            }
        });
        assertThat(uncaught).isEmpty();
    }

    private Flow flow(RedrivePolicy policy) {
        return Flow.definition("automatic")
                .redrive(policy)
                .trigger("t")
                .add(bodies.tracing("bad"))
                .connect("t", "bad")
                .build();
    }

    private ExecutionResult run(Flow flow) {
        return Runs.ended(engine.executeFromTrigger(flow, "t", "go"));
    }

    private List<ExecutionSummary> all() {
        return engine.history(HistoryQuery.all()).executions();
    }

    private static Set<Thread> deliveryThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("flowengine-delivery-"))
                .collect(Collectors.toSet());
    }

    private static List<Throwable> uncaughtWhile(Interruptible work) throws InterruptedException {
        ConcurrentLinkedQueue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
        try {
            work.run();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        return new ArrayList<>(uncaught);
    }

    /** Something that may be interrupted. */
    private interface Interruptible {
        void run() throws InterruptedException;
    }
}
