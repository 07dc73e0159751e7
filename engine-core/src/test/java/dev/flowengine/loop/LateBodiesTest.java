package dev.flowengine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;

@DisplayName("S32 a body that was given up in one iteration takes nothing from the next")
@Timeout(120)
class LateBodiesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FlowBuilder f = Flow.builder("late");
    private final TriggerRef<List<Integer>> numbers = f.trigger("numbers", TypeRef.listOf(TypeRef.of(Integer.class)));
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch nextBegan = new CountDownLatch(1);
    private final CountDownLatch lateIsDone = new CountDownLatch(1);
    private final AtomicInteger stepsOfTheNext = new AtomicInteger();

    @WithThreads
    @DisplayName("S42 its steps do not have those of the next iteration done again")
    void steps(int threads) throws Exception {
        LoopRef<Integer> all = f.loop(
                "each",
                numbers,
                each -> f.contextNode("work", each, (n, context) -> n == 1 ? late(context) : repeated(context))
                        .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(2)));
        try (FlowEngine engine = Engines.withThreads(threads)) {
            FlowExecution run = giveUpTheFirst(engine);
            ExecutionResult end = run.await(PATIENCE).orElseThrow();
            assertThat(end.output(all)).containsExactly(7, 102);
            assertThat(stepsOfTheNext).hasValue(1);
        }
    }

    @WithThreads
    @DisplayName("S46 it is not given the input of the next iteration, but told that it was given up")
    void input(int threads) throws Exception {
        CompletableFuture<Object> read = new CompletableFuture<>();
        CompletableFuture<Object> readAll = new CompletableFuture<>();
        f.loop(
                "each",
                numbers,
                each -> f.contextNode("work", each, (n, context) -> {
                    if (n == 1) {
                        entered.countDown();
                        awaitInSpiteOfInterrupts(nextBegan);
                        read.complete(caught(context::input));
                        readAll.complete(caught(() -> context.inputs().get(each)));
                        lateIsDone.countDown();
                    } else {
                        nextBegan.countDown();
                        lateIsDone.await();
                    }
                    return n;
                }));
        try (FlowEngine engine = Engines.withThreads(threads)) {
            FlowExecution run = giveUpTheFirst(engine);
            assertThat(run.await(PATIENCE)).isPresent();
            assertThat(read.get(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
            assertThat(readAll.get(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        }
    }

    private FlowExecution giveUpTheFirst(FlowEngine engine) throws Exception {
        FlowExecution run = engine.executeFromTrigger(f.build(), numbers, List.of(1, 2));
        entered.await();
        run.node("work").complete(7).toCompletableFuture().get(30, TimeUnit.SECONDS);
        return run;
    }

    /** Does its step when the next iteration has done its own. */
    private int late(NodeContext context) throws Exception {
        entered.countDown();
        awaitInSpiteOfInterrupts(nextBegan);
        try {
            return context.step("noted", Integer.class, () -> 101);
        } finally {
            lateIsDone.countDown();
        }
    }

    /** Fails after its step, so that it is asked for it again. */
    private int repeated(NodeContext context) throws Exception {
        int result = context.step("noted", Integer.class, () -> 101 + stepsOfTheNext.incrementAndGet());
        if (context.attempt() == 1) {
            nextBegan.countDown();
            lateIsDone.await();
            throw new IllegalStateException("planned failure of attempt 1");
        }
        return result;
    }

    private static Object caught(Reading reading) {
        try {
            return String.valueOf(reading.read());
        } catch (RuntimeException refused) {
            return refused;
        }
    }

    private static void awaitInSpiteOfInterrupts(CountDownLatch latch) {
        boolean open = false;
        while (!open) {
            try {
                latch.await();
                open = true;
            } catch (InterruptedException givenUp) {
                // A body may take its time.
            }
        }
    }

    /** Reads something. */
    private interface Reading {
        Object read();
    }
}
