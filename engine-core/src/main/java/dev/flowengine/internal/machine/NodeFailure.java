package dev.flowengine.internal.machine;

import dev.flowengine.model.FlowError;
import org.jspecify.annotations.Nullable;

/**
 * How a node failed.
 *
 * @param error the failure as data
 * @param cause what was thrown, kept only in memory; null if nothing was
 */
public record NodeFailure(FlowError error, @Nullable Throwable cause) {}
