package dev.flowengine.internal.scheduling;

import dev.flowengine.flow.Flow;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.layout.FlowIndex;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.Effects;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.RunInputs;
import dev.flowengine.internal.machine.Signal;
import dev.flowengine.internal.machine.StartLog;
import dev.flowengine.plan.Start;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A run loop with a real machine, whose bodies start nothing by themselves. */
final class Loop implements LoopOwner {
    final PlanLayout layout;
    final ExecutionMachine machine;
    final RunLoop loop;
    final CountDownLatch ended = new CountDownLatch(1);
    private final @Nullable Function<Integer, Signal> bodies;
    /** Is told of all that is to be shown, before it is. */
    volatile Consumer<ExecutionMachine> watch = machine -> {};

    /** A loop whose bodies the test runs, that is tells the outcome of. */
    Loop(Workers workers, Flow flow) {
        this(workers, flow, null);
    }

    /** A loop that announces starts, and whose bodies that only compute the workers run. */
    Loop(Workers workers, Flow flow, @Nullable Function<Integer, Signal> bodies) {
        this.bodies = bodies;
        this.layout = CompiledPlan.of(FlowIndex.of(flow), Start.trigger("t"), null, Set.of())
                .layout();
        RunInputs inputs = new RunInputs(null, null, Map.of(), Map.of());
        this.machine = new ExecutionMachine(
                layout, inputs, new Effects(bodies != null), new StartLog(layout.queuedNodes(), layout.size()));
        this.loop = new RunLoop(workers, layout, machine, this);
    }

    void post(Consumer<ExecutionMachine> call) {
        loop.post(signal(call));
    }

    static Signal signal(Consumer<ExecutionMachine> call) {
        return new Signal() {
            @Override
            public void applyTo(ExecutionMachine machine) {
                call.accept(machine);
            }
        };
    }

    @Override
    public boolean announcesStarts() {
        return bodies != null;
    }

    @Override
    public void announced(int node) {
        // Nobody asks when.
    }

    @Override
    public @Nullable Signal runBody(int node, boolean announced) {
        return bodies == null ? null : bodies.apply(node);
    }

    @Override
    public boolean mayRunAhead(ExecutionMachine machine) {
        return false;
    }

    @Override
    public boolean commit(ExecutionMachine decided, Runnable then, boolean mayWait) {
        return true;
    }

    @Override
    public void committed(ExecutionMachine decided) {
        // There is nothing to wait for.
    }

    @Override
    public void startBody(int node) {
        // The test tells the outcome.
    }

    @Override
    public void mustHaveEnded(Throwable defect) {
        ended.countDown();
    }

    @Override
    public void publish() {
        // Nobody is told.
    }

    @Override
    public void changed(ExecutionMachine changed) {
        watch.accept(changed);
        if (changed.status().isTerminal()) {
            ended.countDown();
        }
    }
}
