package dev.flowengine.internal.machine;

import dev.flowengine.node.PortValues;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an execution is given from outside.
 *
 * @param triggerData what its trigger was fired with; null if it was not started from one
 * @param startInput what the node it begins with receives, by input port; null if it begins with a trigger
 * @param pins outputs given instead of computed, by number of the node in scope
 * @param supplied outputs of nodes out of scope, by number
 */
public record RunInputs(
        @Nullable Object triggerData,
        @Nullable PortValues startInput,
        Map<Integer, PortValues> pins,
        Map<Integer, PortValues> supplied) {}
