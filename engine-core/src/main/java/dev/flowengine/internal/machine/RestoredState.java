package dev.flowengine.internal.machine;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was kept of an execution that somebody else has left, or that has ended.
 *
 * @param status its status
 * @param reason why it is being cancelled, or has ended otherwise than by its nodes; null if neither
 * @param nodes its nodes, those that had started in the order in which they did; without those nothing was decided about
 * @param loops those of its loops that had begun, and the lanes of its maps that had
 * @param maps those of its maps that had begun
 * @param compensations what it has undone, or has to undo; null if there is nothing
 */
public record RestoredState(
        ExecutionStatus status,
        @Nullable FlowException reason,
        List<RestoredNode> nodes,
        List<RestoredLoop> loops,
        List<RestoredMap> maps,
        @Nullable RestoredCompensations compensations) {}
