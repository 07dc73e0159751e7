package dev.flowengine.internal.machine;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was kept of the compensations of an execution when it was left.
 *
 * @param completed the nodes to be undone, in the order in which they completed
 * @param end how the execution ends once that has happened; null if it had not begun
 * @param reason why, beyond the failures of its nodes; null if it ends by these
 * @param outcomes of those that have been dealt with, the last that completed first
 */
public record RestoredCompensations(
        List<Integer> completed,
        @Nullable ExecutionStatus end,
        @Nullable FlowException reason,
        List<Outcome> outcomes) {

    /** Copies the lists. */
    public RestoredCompensations {
        completed = List.copyOf(completed);
        outcomes = List.copyOf(outcomes);
    }

    /**
     * What became of one.
     *
     * @param attempts how many attempts were made
     * @param failure how the last one failed; null if it did not
     */
    public record Outcome(int attempts, @Nullable NodeFailure failure) {}
}
