package dev.flowengine.execution;

import dev.flowengine.graph.FlowGraph;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.plan.ExecutionPlan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A real snapshot in a status that no execution can have yet, and so its nodes. */
record AlteredSnapshot(ExecutionSnapshot real, ExecutionStatus status, NodeStatus nodeStatus)
        implements ExecutionSnapshot {
    @Override
    public String executionId() {
        return real.executionId();
    }

    @Override
    public String flowId() {
        return real.flowId();
    }

    @Override
    public Optional<String> redriveOf() {
        return real.redriveOf();
    }

    @Override
    public Optional<String> parentExecutionId() {
        return real.parentExecutionId();
    }

    @Override
    public String flowVersion() {
        return real.flowVersion();
    }

    @Override
    public FlowGraph graph() {
        return real.graph();
    }

    @Override
    public ExecutionPlan plan() {
        return real.plan();
    }

    @Override
    public List<NodeState> nodes() {
        return real.nodes().stream().map(this::altered).toList();
    }

    @Override
    public Optional<NodeState> node(String nodeId) {
        return real.node(nodeId).map(this::altered);
    }

    @Override
    public List<String> executionPath() {
        return real.executionPath();
    }

    @Override
    public Instant startedAt() {
        return real.startedAt();
    }

    @Override
    public Optional<Instant> endedAt() {
        return real.endedAt();
    }

    @Override
    public ExecutionLog log() {
        return real.log();
    }

    @Override
    public Instant takenAt() {
        return real.takenAt();
    }

    @Override
    public Progress progress() {
        return real.progress();
    }

    @Override
    public int maxParallelism() {
        return real.maxParallelism();
    }

    private NodeState altered(NodeState state) {
        return new NodeState(
                state.nodeId(),
                state.iteration(),
                nodeStatus,
                state.skipReason(),
                state.firedPorts(),
                state.failure(),
                state.handledFailure(),
                state.attempt(),
                state.pinned(),
                state.reused(),
                state.cached(),
                state.decidedBy(),
                state.waitsFor(),
                state.childExecutionId(),
                state.progress(),
                state.startedAt(),
                state.endedAt());
    }
}
