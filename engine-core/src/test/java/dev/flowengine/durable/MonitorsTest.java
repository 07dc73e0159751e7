package dev.flowengine.durable;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.extension.Timer;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.JavaCodec;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever the engine calls may block: a monitor held around the call would pin a virtual thread to its carrier. */
@DisplayName("R19 no monitor is held while the engine calls anybody else's code")
@Timeout(120)
class MonitorsTest {
    /** What runs at least once before the engine is closed. */
    private static final Set<String> EVERYBODY = Set.of(
            "body",
            "step",
            "predicate",
            "interceptor",
            "listener",
            "stage",
            "completion",
            "executor",
            "encode",
            "schedule",
            "unschedule",
            "create",
            "apply",
            "renew",
            "claim",
            "register");

    private final Set<String> visited = ConcurrentHashMap.newKeySet();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    /** Threads of the platform: nothing tells what monitors a virtual one holds. */
    private final ExecutorService bodies = Executors.newCachedThreadPool();

    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void end() {
        open.countDown();
        bodies.shutdownNow();
        timers.shutdownNow();
    }

    @Test
    @DisplayName("bodies, steps, predicates, interceptors, listeners, stages, executors, codecs, timers, stores")
    void nothing_is_held() throws Exception {
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        try (FlowEngine engine = Durable.builder(watched(memory))
                .codec(watched(PayloadCodec.class, new JavaCodec()))
                .timer(watchedTimer())
                .bodyExecutor(task -> {
                    visit("executor");
                    bodies.execute(task);
                })
                .listener(new ExecutionListener() {
                    @Override
                    public void onEvent(ExecutionEvent event) {
                        visit("listener");
                    }
                })
                .interceptor((context, invocation) -> {
                    visit("interceptor");
                    return invocation.proceed();
                })
                .build()) {
            Flow flow = flow();
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            run.completion().thenRun(() -> visit("completion"));
            entered.await();
            run.pause();
            open.countDown();
            await().until(() -> run.status() == ExecutionStatus.PAUSED);
            run.resume();
            assertThat(run.await().output("told", Integer.class)).isEqualTo(3);
            FlowExecution cancelled = engine.executeFromTrigger(flow, "t", 1);
            cancelled.cancel("");
            cancelled.await();
            await().untilAsserted(() -> assertThat(visited).containsAll(EVERYBODY));
        }
        assertThat(visited).contains("retire");
        assertThat(held).isEmpty();
    }

    private Flow flow() {
        FlowBuilder f = Flow.builder("monitors");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        var shaky = f.contextNode("shaky", t, (number, context) -> {
                    visit("body");
                    entered.countDown();
                    open.await();
                    int result = context.step("step", Integer.class, () -> {
                        visit("step");
                        return number + 1;
                    });
                    if (context.attempt() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return result;
                })
                .returns(Integer.class)
                .timeout(Duration.ofMinutes(1))
                .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(3).when(thrown -> {
                    visit("predicate");
                    return true;
                }));
        var later = f.asyncNode(
                        "later",
                        shaky,
                        number -> CompletableFuture.supplyAsync(
                                () -> {
                                    visit("stage");
                                    return number;
                                },
                                bodies))
                .returns(Integer.class);
        f.node("told", later, number -> number + 1).returns(Integer.class).cpuBound();
        return f.build();
    }

    private void visit(String where) {
        visited.add(where);
        ThreadInfo info = ManagementFactory.getThreadMXBean()
                .getThreadInfo(new long[] {Thread.currentThread().getId()}, true, false)[0];
        if (info == null) {
            held.add(where + " is called by a virtual thread, of which nothing is known");
            return;
        }
        for (MonitorInfo monitor : info.getLockedMonitors()) {
            held.add(where + " is called under " + monitor.getLockedStackFrame());
        }
    }

    private ExecutionStore watched(ExecutionStore store) {
        return watched(ExecutionStore.class, store);
    }

    private <T> T watched(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            visit(method.getName());
            try {
                return method.invoke(target, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private Timer watchedTimer() {
        return (delay, task) -> {
            visit("schedule");
            ScheduledFuture<?> scheduled =
                    timers.schedule(task, TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
            return () -> {
                visit("unschedule");
                scheduled.cancel(false);
            };
        };
    }
}
