package dev.flowengine.persistence.tck;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.LogLevel;
import dev.flowengine.model.LogLine;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.TriggerType;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeCounts;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.NodeRun;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.RunState;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.StartKind;
import dev.flowengine.persistence.StepKey;
import dev.flowengine.persistence.StepRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Things to keep. Their instants are data, and no store's time. */
final class Samples {
    static final FlowKey FLOW = new FlowKey("orders", "1");
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");
    static final RunState RUNNING = RunState.open(ExecutionStatus.RUNNING, Optional.of(NOON));
    static final RunState QUEUED = RunState.open(ExecutionStatus.QUEUED, Optional.empty());
    static final RunState PAUSED = RunState.open(ExecutionStatus.PAUSED, Optional.of(NOON));
    static final RunState COMPLETED =
            RUNNING.ended(ExecutionStatus.COMPLETED, NOON.plusSeconds(9)).with(new NodeCounts(3, 3, 0, 0, 0));

    private Samples() {}

    static RunHeader header(String id) {
        return RunHeader.of(id, FLOW, "placed", NOON).build();
    }

    /** A header in which nothing is left out. */
    static RunHeader fullHeader(String id) {
        return RunHeader.of(id, FLOW, "placed", NOON)
                .flowName("Orders of the day")
                .startKind(StartKind.FROM_NODE)
                .triggerType(TriggerType.WEBHOOK)
                .inputDigest("d41d8cd9")
                .affectedNodes(List.of("placed", "check", "ship"))
                .activeAtStart(7)
                .key("order-42")
                .userId("anna")
                .parent(new NodeRun("parent-run", "call", new Iteration(List.of(3, 7))))
                .redriveOf("earlier-run")
                .keysOf("earliest-run")
                .build();
    }

    static NewRun owned(String id, String worker) {
        return NewRun.owned(header(id), RunInput.NONE, RUNNING, worker);
    }

    static NewRun owned(RunHeader header, String worker) {
        return NewRun.owned(header, RunInput.NONE, RUNNING, worker);
    }

    static NewRun claimable(String id) {
        return NewRun.unowned(header(id), RunInput.NONE, QUEUED, Standing.claimable());
    }

    static NodeRecord queued(String nodeId) {
        return NodeRecord.queued(NodeKey.of(nodeId, 1), NOON);
    }

    static NodeRecord completed(String nodeId, String output) {
        return queued(nodeId)
                .started(1, "worker-a", NOON.plusSeconds(1))
                .settled(NodeStatus.COMPLETED, NodeResult.fired("main", payload(output)), NOON.plusSeconds(2));
    }

    static StepRecord step(String nodeId, String name) {
        return new StepRecord(new StepKey(nodeId, Iteration.NONE, name), payload("result of " + name), NOON);
    }

    static LogLine log(String text) {
        return new LogLine("check", new Iteration(List.of(2)), 1, NOON, LogLevel.WARN, text);
    }

    static AuditRecord audit(String action) {
        return new AuditRecord(NOON, "anna", action, Optional.of(ExecutionStatus.RUNNING), "by hand");
    }

    static FlowError error(String message) {
        return new FlowError(
                FailureKind.NODE_EXECUTION_FAILED,
                "java.io.IOException",
                message,
                "java.io.IOException: " + message + "\n\tat Shop.ship(Shop.java:12)",
                "ship",
                2,
                "Ask the warehouse.");
    }

    static Message signal(String id) {
        return Message.signal(id, "approval", "anna", payload("yes"));
    }

    static Payload payload(String text) {
        return Payload.of("text/plain", text.getBytes(StandardCharsets.UTF_8));
    }
}
