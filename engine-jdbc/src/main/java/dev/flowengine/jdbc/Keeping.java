package dev.flowengine.jdbc;

import dev.flowengine.model.LogLine;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.ConnectionRecord;
import dev.flowengine.persistence.FlowNodeRecord;
import dev.flowengine.persistence.FlowRecord;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.StepRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says of whole records whether they can be kept. */
final class Keeping {
    private final long mostBytes;

    /** For rows of so many bytes at most. */
    Keeping(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    Optional<Rejection> refusal(NewRun run) {
        Inspection inspection = new Inspection(mostBytes);
        header(inspection, run.header());
        inspection.error(run.state().error());
        run.input().data().ifPresent(data -> inspection.payload("the input", data));
        run.input().options().ifPresent(options -> inspection.payload("the options", options));
        inspection.row().id("the worker", run.workerId());
        standing(inspection, run.standing());
        run.nodes().forEach(row -> node(inspection, row));
        run.audit().forEach(row -> audit(inspection, row));
        return inspection.found();
    }

    Optional<Rejection> refusal(RunBatch batch) {
        Inspection inspection = new Inspection(mostBytes);
        batch.state().ifPresent(state -> inspection.row().error(state.error()));
        standing(inspection, batch.standing());
        batch.inserted().forEach(row -> node(inspection, row));
        batch.updated().forEach(row -> node(inspection, row));
        batch.steps().forEach(step -> step(inspection, step));
        batch.logs().forEach(line -> log(inspection, line));
        batch.audit().forEach(row -> audit(inspection, row));
        return inspection.found();
    }

    Optional<Rejection> refusal(StepRecord one) {
        Inspection inspection = new Inspection(mostBytes);
        step(inspection, one);
        return inspection.found();
    }

    Optional<Rejection> refusal(Message message) {
        Inspection inspection = new Inspection(mostBytes)
                .id("the id of a message", message.messageId())
                .text("the name of a message", message.name())
                .text("a sender", message.sender())
                .text("a reason", message.reason());
        message.payload().ifPresent(payload -> inspection.payload("a message", payload));
        return inspection.found();
    }

    Optional<Rejection> refusal(FlowRecord flow) {
        Inspection inspection = new Inspection(mostBytes)
                .id("the id of a flow", flow.key().flowId())
                .id("the version of a flow", flow.key().version())
                .text("the name of a flow", flow.name())
                .text("a digest", flow.digest());
        for (FlowNodeRecord node : flow.nodes()) {
            inspection
                    .row()
                    .id("a node", node.nodeId())
                    .text("a kind", node.kind())
                    .text("a signature", node.signature());
        }
        flow.connections().forEach(one -> connection(inspection.row(), one));
        return inspection.found();
    }

    /** For marks, counters and keys of a cache. */
    Optional<Rejection> refusal(String what, String... names) {
        Inspection inspection = new Inspection(mostBytes);
        List.of(names).forEach(name -> inspection.id(what, name));
        return inspection.found();
    }

    Optional<Rejection> refusal(String key, Payload value) {
        return new Inspection(mostBytes)
                .id("a key", key)
                .payload("a result", value)
                .found();
    }

    private void header(Inspection inspection, RunHeader header) {
        inspection
                .row()
                .id("the id of a run", header.executionId())
                .id("the id of a flow", header.flow().flowId())
                .id("the version of a flow", header.flow().version())
                .text("the name of a flow", header.flowName())
                .id("the first node", header.startNode())
                .text("a digest", header.inputDigest())
                .lines("the nodes in scope", header.affectedNodes(), mostBytes)
                .id("a key", header.key())
                .id("a user", header.userId())
                .id("the run that is run again", header.redriveOf())
                .id("the run whose keys are used", header.keysOf());
        header.parent()
                .ifPresent(parent -> inspection
                        .id("the parent run", parent.executionId())
                        .id("the parent node", parent.nodeId())
                        .iteration(parent.iteration()));
    }

    private static void standing(Inspection inspection, Standing standing) {
        if (standing instanceof Standing.Dormant dormant) {
            inspection.text("a reason", dormant.reason());
        }
    }

    private static void node(Inspection inspection, NodeRecord row) {
        inspection
                .row()
                .id("a node", row.key().nodeId())
                .iteration(row.key().iteration())
                .id("a worker", row.workerId())
                .lines("ports", row.result().firedPorts(), Inspection.LONGEST_TEXT)
                .error(row.result().error());
        for (Map.Entry<String, Payload> output : row.result().outputs().entrySet()) {
            inspection.payload("an output of node " + row.key().nodeId(), output.getValue());
        }
        for (ConnectionRecord one : row.decidedBy()) {
            connection(inspection, one);
        }
        inspection.lines("connections", List.of(Lines.ofConnections(row.decidedBy())), Inspection.LONGEST_TEXT);
    }

    private static void connection(Inspection inspection, ConnectionRecord one) {
        inspection
                .id("a node", one.from())
                .text("a port", one.fromPort())
                .id("a node", one.to())
                .text("a port", one.toPort());
    }

    private static void step(Inspection inspection, StepRecord step) {
        inspection
                .row()
                .id("a node", step.key().nodeId())
                .iteration(step.key().iteration())
                .id("the name of a step", step.key().name())
                .payload("the result of a step", step.result());
    }

    private static void log(Inspection inspection, LogLine line) {
        inspection.row().id("a node", line.nodeId()).iteration(line.iteration()).text("a log line", line.text());
    }

    private static void audit(Inspection inspection, AuditRecord row) {
        inspection
                .row()
                .text("an actor", row.actor())
                .text("an action", row.action())
                .text("a detail", row.detail());
    }
}
