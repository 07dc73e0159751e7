package dev.flowengine.internal.machine;

import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.NodeStatus;
import org.jspecify.annotations.Nullable;

/** Takes up an execution where it was left. For one writer at a time. */
final class Resumption {
    private final PlanLayout layout;
    private final NodeTable nodes;
    private final Settlement settlement;
    private final Waits waits;
    private final Interventions interventions;
    private final RunLife life;
    private final @Nullable Compensations compensations;

    Resumption(
            Settlement settlement,
            Waits waits,
            Interventions interventions,
            RunLife life,
            @Nullable Compensations compensations) {
        this.layout = settlement.layout();
        this.nodes = settlement.nodes();
        this.settlement = settlement;
        this.waits = waits;
        this.interventions = interventions;
        this.life = life;
        this.compensations = compensations;
    }

    /** Puts everything back, and goes on with what had not settled. */
    void goOn(RestoredState state) {
        putBack(state);
        nodes.restored(layout);
        boolean waits = state.nodes().stream()
                .filter(RestoredNode::goesOn)
                .allMatch(node -> node.status() == NodeStatus.WAITING);
        if (life.restore(state.status(), waits, state.reason(), firstFailed(state))) {
            state.nodes().stream().filter(RestoredNode::goesOn).forEach(this::goOn);
            // Then what fails, which may end the execution.
            state.nodes().stream()
                    .filter(node -> node.status() == NodeStatus.RUNNING && !layout.isLoop(node.node()))
                    .forEach(node -> interventions.handle(node.node(), lost(node)));
        }
    }

    /** Puts everything back, only to be looked at. */
    void view(RestoredState state) {
        putBack(state);
        state.nodes().stream()
                .filter(node -> node.suspension() != null)
                .forEach(node -> nodes.suspend(node.node(), node.suspension()));
        life.view(state.status(), state.reason(), firstFailed(state));
    }

    private void goOn(RestoredNode node) {
        Suspension suspension = node.suspension();
        if (suspension == null) {
            settlement.goOn(node);
        } else {
            waits.goOn(node.node(), suspension);
        }
    }

    private void putBack(RestoredState state) {
        settlement.restore(state);
        state.loops().forEach(begun -> limit(begun.loop()));
        state.maps().forEach(begun -> limit(begun.map()));
        RestoredCompensations compensated = state.compensations();
        if (compensations != null && compensated != null) {
            compensations.restore(compensated);
        }
    }

    /** A loop that goes on has its time, of which somebody outside knows how much was spent. */
    private void limit(int loop) {
        if (!layout.loops().isHead(loop)
                && layout.isLimited(loop)
                && !nodes.status(loop).isSettled()) {
            settlement.effects().add(new Command.Limit(loop));
        }
    }

    private NodeFailure lost(RestoredNode node) {
        return Lost.failure(layout.definition(node.node()).id(), node.attempt());
    }

    /** A failure in the body of a loop is a matter of the loop: it fails, or has handled that. */
    private int firstFailed(RestoredState state) {
        return state.nodes().stream()
                .filter(node -> node.status() == NodeStatus.FAILED)
                .filter(node -> !layout.isInBody(node.node()))
                .mapToInt(RestoredNode::node)
                .findFirst()
                .orElse(-1);
    }
}
