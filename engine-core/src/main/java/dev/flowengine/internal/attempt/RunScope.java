package dev.flowengine.internal.attempt;

import dev.flowengine.flow.Flow;
import dev.flowengine.internal.layout.FlowIndex;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.InputReader;
import dev.flowengine.internal.machine.Loops;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.internal.machine.RunInputs;
import dev.flowengine.internal.machine.StartLog;
import dev.flowengine.model.Iteration;
import dev.flowengine.node.RunOptions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What all attempts of one execution share.
 *
 * @param executionId the execution
 * @param redriveOf the execution this one redrives; null if it redrives none
 * @param keysOf the execution that idempotency keys name: this one, or the one whose keys it keeps
 * @param automatic how many executions in a row the engine has redriven by itself, this one included
 * @param flow the flow
 * @param index the flow by number
 * @param layout what runs
 * @param nodes its live state
 * @param inputs what the execution was given
 * @param reader reads what arrived at a node
 * @param options how it was started
 * @param startedAt when it was admitted
 * @param startLog the starts of its nodes
 * @param times when its nodes started and ended; null if that is switched off
 * @param reports what bodies tell about themselves
 * @param loggingContext what stands around each body
 * @param loops how far its loops have come; null if there are none
 * @param ancestry the node of another execution that has started this one; null if none has
 */
public record RunScope(
        String executionId,
        @Nullable String redriveOf,
        String keysOf,
        int automatic,
        Flow flow,
        FlowIndex index,
        PlanLayout layout,
        NodeTable nodes,
        RunInputs inputs,
        InputReader reader,
        RunOptions options,
        Instant startedAt,
        StartLog startLog,
        @Nullable NodeTimes times,
        RunReports reports,
        LoggingContext loggingContext,
        @Nullable Loops loops,
        @Nullable Ancestry ancestry) {

    /**
     * Which iterations of the loops around it a node is in.
     *
     * @param node its number
     * @return the path of iterations; empty outside any loop
     */
    public Iteration iteration(int node) {
        return loops == null ? Iteration.NONE : layout.loops().iteration(node, nodes::pass);
    }

    /**
     * The id of a node.
     *
     * @param node its number
     * @return its id
     */
    public String nodeId(int node) {
        return layout.definition(node).id();
    }
}
