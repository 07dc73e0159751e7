package dev.flowengine.internal.delivery;

import dev.flowengine.event.NodeLogged;
import dev.flowengine.event.NodeReport;
import dev.flowengine.model.LogLine;
import java.util.ArrayList;
import java.util.List;

/** A report that waits for its listener; dead once a later one has taken it up. */
final class WaitingReport {
    private final NodeReport event;
    private boolean dead;

    WaitingReport(NodeReport event) {
        this.event = event;
    }

    /** A later report that says what this one does besides, which is dead then. */
    WaitingReport joinedBy(NodeReport later) {
        dead = true;
        return new WaitingReport(joined(event, later));
    }

    NodeReport event() {
        return event;
    }

    boolean isDead() {
        return dead;
    }

    private static NodeReport joined(NodeReport earlier, NodeReport later) {
        if (earlier instanceof NodeLogged before && later instanceof NodeLogged after) {
            List<LogLine> lines = new ArrayList<>(before.lines());
            lines.addAll(after.lines());
            return new NodeLogged(
                    after.executionId(),
                    after.flowId(),
                    after.seq(),
                    after.instant(),
                    after.nodeId(),
                    after.iteration(),
                    after.attempt(),
                    lines);
        }
        return later;
    }

    /** Of what a report is the latest state. */
    record Key(String executionId, String nodeId, String kind) {
        static Key of(NodeReport report) {
            return new Key(report.executionId(), report.nodeId(), report.wireName());
        }
    }
}
