package dev.flowengine.jdbc;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.RunState;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.StepKey;
import dev.flowengine.persistence.StepRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** Runs to keep. */
final class Runs {
    static final String WORKER = "worker";
    static final FlowKey FLOW = new FlowKey("orders", "1");
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");
    static final RunState RUNNING = RunState.open(ExecutionStatus.RUNNING, Optional.of(NOON));
    static final RunState COMPLETED = RUNNING.ended(ExecutionStatus.COMPLETED, NOON.plusSeconds(9));

    private Runs() {}

    static NewRun owned(String id) {
        return NewRun.owned(header(id), RunInput.NONE, RUNNING, WORKER);
    }

    static NewRun claimable(String id) {
        RunState queued = RunState.open(ExecutionStatus.QUEUED, Optional.empty());
        return NewRun.unowned(header(id), RunInput.NONE, queued, Standing.claimable());
    }

    static RunHeader header(String id) {
        return RunHeader.of(id, FLOW, "placed", NOON).build();
    }

    static NodeRecord queued(String node) {
        return NodeRecord.queued(NodeKey.of(node, 1), NOON);
    }

    static NodeRecord completed(String node) {
        return queued(node).settled(NodeStatus.COMPLETED, NodeResult.fired("main", payload(node)), NOON);
    }

    static StepRecord step(String name) {
        return new StepRecord(new StepKey("n", Iteration.NONE, name), payload(name), NOON);
    }

    static Payload payload(String text) {
        return Payload.of("text/plain", text.getBytes(StandardCharsets.UTF_8));
    }
}
