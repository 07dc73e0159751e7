package dev.flowengine.internal.kernel;

import dev.flowengine.internal.attempt.Ancestry;
import org.jspecify.annotations.Nullable;

/**
 * An execution that a node of another one starts.
 *
 * @param executionId its id
 * @param request what to start
 * @param ancestry where it comes from
 * @param keysOf the execution that its idempotency keys name, which may be itself
 * @param redriveOf the child of the execution that the parent redrives; null if there is none
 */
record ChildStart(
        String executionId,
        StartRequest request,
        Ancestry ancestry,
        String keysOf,
        @Nullable String redriveOf) {}
