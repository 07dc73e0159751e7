package dev.flowengine.internal.kernel;

import dev.flowengine.flow.Flow;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.plan.Start;
import org.jspecify.annotations.Nullable;

/**
 * A start as it was asked for.
 *
 * @param flow the flow
 * @param start where to begin
 * @param triggerData what the trigger is fired with; null if none is
 * @param input what the first node receives, by port; null for a start from a trigger
 * @param options how to run
 */
record StartRequest(
        Flow flow,
        Start start,
        @Nullable Object triggerData,
        @Nullable PortValues input,
        RunOptions options) {}
