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
import org.jspecify.annotations.Nullable;

/** A run loop with a real machine, whose bodies start nothing by themselves. */
final class Loop implements RunLoop.Owner {
    final PlanLayout layout;
    final ExecutionMachine machine;
    final RunLoop loop;
    final CountDownLatch ended = new CountDownLatch(1);

    Loop(Workers workers, Flow flow) {
        this.layout = CompiledPlan.of(FlowIndex.of(flow), Start.trigger("t"), null, Set.of())
                .layout();
        RunInputs inputs = new RunInputs(null, null, Map.of(), Map.of());
        this.machine = new ExecutionMachine(
                layout, inputs, new Effects(false), new StartLog(layout.queuedNodes(), layout.size()));
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
        return false;
    }

    @Override
    public @Nullable Signal runBody(int node, boolean announced) {
        return null;
    }

    @Override
    public void startsHere(int node) {
        // Nobody wants to know.
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
        if (changed.status().isTerminal()) {
            ended.countDown();
        }
    }
}
