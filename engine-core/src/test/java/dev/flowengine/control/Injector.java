package dev.flowengine.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.NodeContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Runs one scenario once, and injects something at its k-th point. */
final class Injector implements ExecutionListener {

    /** Which moments count as points, and who injects. */
    enum From {
        /** Each event, on the thread that delivers it. */
        LISTENER,
        /** Each begin and end of a body, on its own thread. */
        BODY,
        /** Each begin and end of a body, on a thread of nobody's, while the body goes on. */
        OUTSIDE
    }

    private final Scenario scenario;
    private final Injection injection;
    private volatile Consumer<FlowExecution> action;
    private final From from;
    private final int at;
    private final ExecutorService outside;
    private final AtomicInteger points = new AtomicInteger();
    private final CompletableFuture<FlowExecution> run = new CompletableFuture<>();
    private final CompletableFuture<ExecutionStatus> injected = new CompletableFuture<>();
    private volatile boolean resuming;
    private final List<String> violations = new CopyOnWriteArrayList<>();

    Injector(Scenario scenario, Injection injection, From from, int at, ExecutorService outside) {
        this.scenario = scenario;
        this.injection = injection;
        this.action = injection::into;
        this.from = from;
        this.at = at;
        this.outside = outside;
    }

    /** Injects something else, which has the consequences of the injection named. */
    Injector instead(Consumer<FlowExecution> other) {
        action = other;
        return this;
    }

    /** Runs the scenario and checks its end; returns how many points it had. */
    int run(FlowEngine engine, Watch watch) {
        Flow flow = scenario.flow(this::inBody);
        FlowExecution started = engine.executeFromTrigger(flow, "t", 1);
        run.complete(started);
        if (injection == Injection.PAUSE) {
            // Whether it paused, and when, depends on the moment: here it is paused at the latest, or has ended.
            Watch.awaiting("paused or ended")
                    .until(() -> started.status() == ExecutionStatus.PAUSED
                            || started.status().isTerminal());
            resuming = true;
            started.resume();
        }
        ExecutionResult result = watch.ended(started);
        assertThat(violations).as("%s", this).isEmpty();
        assertThat(result.status()).as("%s", this).isIn(allowed());
        return from == From.LISTENER ? watch.events(started).size() : points.get();
    }

    /** Whether the point has come. */
    boolean isInjecting() {
        return at > 0 && points.get() >= at;
    }

    @Override
    public void onEvent(ExecutionEvent event) {
        if (from == From.LISTENER && event.executionId().equals(run.join().id())) {
            point();
        }
    }

    @Override
    public String toString() {
        return injection + " from " + from + " at point " + at + " of " + scenario;
    }

    private void inBody(NodeContext context) {
        // The execution is known to its bodies a moment after they may have begun.
        FlowExecution execution = run.join();
        // Once it is to be resumed it may start nodes before it shows so.
        boolean mustNotRun = injection == Injection.PAUSE && !scenario.givesBodiesUp();
        if (mustNotRun && execution.status() == ExecutionStatus.PAUSED && !resuming) {
            violations.add(context.nodeId() + " runs while paused");
        }
        if (from != From.LISTENER) {
            point();
        }
    }

    private void point() {
        if (points.incrementAndGet() != at) {
            return;
        }
        FlowExecution execution = run.join();
        if (from == From.OUTSIDE) {
            outside.execute(() -> inject(execution));
        } else {
            inject(execution);
        }
    }

    private void inject(FlowExecution execution) {
        ExecutionStatus before = execution.status();
        action.accept(execution);
        injected.complete(before);
    }

    /** What a body injects comes before its own end, and so before that of the execution: that is certain to count. */
    private List<ExecutionStatus> allowed() {
        if (!injection.cancels()) {
            return List.of(scenario.end());
        }
        boolean inTime = injected.isDone() && from == From.BODY && !scenario.mayEndBeforeItsBodies();
        if (inTime) {
            return List.of(ExecutionStatus.CANCELLED);
        }
        return List.of(ExecutionStatus.CANCELLED, scenario.end());
    }
}
