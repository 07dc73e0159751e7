package dev.flowengine.internal.kernel;

import dev.flowengine.execution.Progress;
import dev.flowengine.internal.attempt.NodeTimes;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** How far an execution has come at one moment, and how long it will still take. */
final class RunProgress {
    private final RunScope scope;
    private final RunPlan plan;
    private final ExecutionStatus status;
    private final @Nullable NodeTimes times;
    private final Instant now;

    /**
     * Looks at an execution.
     *
     * @param scope the execution
     * @param plan what it runs
     * @param status its status
     * @param times when its nodes started and ended
     * @param now the moment
     */
    RunProgress(RunScope scope, RunPlan plan, ExecutionStatus status, @Nullable NodeTimes times, Instant now) {
        this.scope = scope;
        this.plan = plan;
        this.status = status;
        this.times = times;
        this.now = now;
    }

    /** The progress of an execution that has ended. */
    static Progress complete(int nodes) {
        return new Progress(nodes, nodes, Optional.of(Duration.ZERO));
    }

    /** The progress with so many nodes settled. The statuses are asked for only if there is something to say of the rest. */
    Progress with(int settled, Statuses statuses) {
        int nodes = scope.layout().size() - scope.layout().loops().bodyNodes();
        if (status.isTerminal()) {
            return complete(nodes);
        }
        // All nodes may have settled a moment before the execution is said to have ended.
        int shown = Math.min(settled, nodes - 1);
        return new Progress(shown, nodes, canTell() ? remaining(statuses.copy()) : Optional.empty());
    }

    private boolean canTell() {
        boolean goesOn = status == ExecutionStatus.QUEUED
                || status == ExecutionStatus.RUNNING
                || status == ExecutionStatus.WAITING;
        return goesOn && times != null && !plan.durations().isEmpty();
    }

    /** The longest way through the nodes that are not settled; along the plan's order, so that each is looked at once. */
    private Optional<Duration> remaining(IntFunction<NodeStatus> statuses) {
        PlanLayout layout = scope.layout();
        long[] ready = new long[layout.size()];
        long end = 0;
        for (int position = 0; position < layout.size(); position++) {
            int node = plan.compiled().inOrder(position);
            NodeStatus nodeStatus = statuses.apply(node);
            if (nodeStatus.isSettled() || layout.isInBody(node)) {
                // What a body still needs is part of what its loop does.
                continue;
            }
            long left = left(node, nodeStatus);
            if (left == NodeDurations.UNKNOWN) {
                return Optional.empty();
            }
            long settles = ready[node] + left;
            end = Math.max(end, settles);
            for (int out = layout.firstOut(node); out < layout.firstOut(node + 1); out++) {
                int target = layout.outTarget(out);
                ready[target] = Math.max(ready[target], settles);
            }
        }
        return Optional.of(Duration.ofNanos(end));
    }

    private long left(int node, NodeStatus nodeStatus) {
        if (scope.layout().hasNoBody(node) || scope.inputs().isPinned(node)) {
            return 0;
        }
        long mean = plan.durations().mean(plan.compiled().numberInFlow(node));
        boolean mayRun = nodeStatus == NodeStatus.QUEUED || nodeStatus == NodeStatus.RUNNING;
        return mean == NodeDurations.UNKNOWN || !mayRun ? mean : Math.max(0, mean - used(node));
    }

    private long used(int node) {
        return Optional.ofNullable(times)
                .flatMap(known -> known.startedAt(node))
                .map(startedAt -> Math.max(0, Duration.between(startedAt, now).toNanos()))
                .orElse(0L);
    }

    /** The statuses of the nodes, copied only if they are needed. */
    @FunctionalInterface
    interface Statuses {
        IntFunction<NodeStatus> copy();
    }
}
