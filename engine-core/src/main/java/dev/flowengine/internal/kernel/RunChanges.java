package dev.flowengine.internal.kernel;

import dev.flowengine.internal.machine.Effects;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.Intervention;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells listeners what changed, if there are any, and the execution of its own status. */
final class RunChanges implements Effects.ChangeObserver {
    private final ExecutionMachine machine;
    private final RunEvents events;
    private final Consumer<ExecutionStatus> status;
    private final Supplier<Instant> stuckSince;

    RunChanges(
            ExecutionMachine machine,
            RunEvents events,
            Consumer<ExecutionStatus> status,
            Supplier<Instant> stuckSince) {
        this.machine = machine;
        this.events = events;
        this.status = status;
        this.stuckSince = stuckSince;
    }

    @Override
    public void entered(ExecutionStatus next) {
        status.accept(next);
    }

    @Override
    public void iterationBegan(int loop) {
        if (events.isObserved()) {
            events.iterationBegan(loop);
        }
    }

    @Override
    public void changed(int node, NodeStatus next) {
        // Of an execution that is kept, changes are gathered for that alone.
        if (events.isObserved()) {
            events.nodeChanged(machine.nodes(), node, next);
        }
    }

    @Override
    public void reported(int node) {
        if (events.isObserved()) {
            events.reported(node);
        }
    }

    @Override
    public void near(int node, Duration limit) {
        events.timeoutNear(node, limit);
    }

    @Override
    public void stuck(List<String> openNodes) {
        events.stuck(stuckSince.get(), openNodes);
    }

    @Override
    public void intervened(int node, Intervention action, String reason) {
        events.intervened(node, action, reason);
    }

    @Override
    public void compensation(int node, CompensationStatus next, int attempt, @Nullable NodeFailure failure) {
        if (events.isObserved()) {
            events.compensation(node, next, attempt, failure);
        }
    }
}
