package dev.flowengine.internal.machine;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.graph.Ports;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import java.time.Duration;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** What becomes of a failed attempt: another one, or a node that completes or fails. */
final class FailureHandling {
    private final PlanLayout layout;
    private final NodeTable nodes;
    private final Settlement settlement;
    private final Dispatch dispatch;
    private final Effects effects;
    private final InputReader reader;
    private @Nullable BitSet recovering;

    FailureHandling(PlanLayout layout, Settlement settlement, Dispatch dispatch, Effects effects, InputReader reader) {
        this.layout = layout;
        this.nodes = settlement.nodes();
        this.settlement = settlement;
        this.dispatch = dispatch;
        this.effects = effects;
        this.reader = reader;
    }

    /** The node has completed: unless that is due to its recovery, nothing is left of earlier failures. */
    void overcome(int node) {
        if (!isRecovering(node)) {
            nodes.overcome(node);
        }
    }

    /** Nothing is left of the failures of a node, nor of its recovery, which is not waited for any more. */
    void forget(int node) {
        if (recovering != null) {
            recovering.clear(node);
        }
        nodes.overcome(node);
    }

    boolean isRecovering(int node) {
        return recovering != null && recovering.get(node);
    }

    void backOff(int node, NodeFailure failure, Duration delay) {
        nodes.failure(node, failure);
        nodes.nextTicket(node);
        dispatch.backsOff(node);
        if (nodes.status(node) == NodeStatus.WAITING) {
            // For an execution that it had started; now for its next attempt.
            effects.changed(node, NodeStatus.WAITING);
        } else {
            settlement.backsOff(node);
        }
        effects.add(new Command.BackOff(node, nodes.ticket(node), delay));
    }

    /** Decides a node whose last attempt has failed; false if nothing handles that. */
    boolean handle(int node, NodeFailure failure) {
        nodes.failure(node, failure);
        ErrorHandling handling =
                isRecovering(node) ? ErrorHandling.FAIL : layout.policy(node).errorHandling();
        if (handling instanceof ErrorHandling.Continue) {
            settlement.completed(node, failure.error());
        } else if (handling instanceof ErrorHandling.Fallback fallback) {
            settlement.completed(node, fallback.value());
        } else if (handling instanceof ErrorHandling.ErrorOutput) {
            FlowError error = failure.error().withInput(reader.inputOf(node));
            settlement.emitted(node, PortValues.of(Ports.ERROR, error));
        } else if (handling instanceof ErrorHandling.Recover) {
            recover(node, failure);
        } else {
            return false;
        }
        return true;
    }

    private void recover(int node, NodeFailure failure) {
        if (recovering == null) {
            recovering = new BitSet();
        }
        recovering.set(node);
        int ticket = nodes.nextTicket(node);
        dispatch.sentOut();
        effects.add(new Command.Recover(node, ticket, failure));
    }
}
