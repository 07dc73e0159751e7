package dev.flowengine.internal.kernel;

import dev.flowengine.execution.Durability;
import dev.flowengine.execution.Retention;
import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.persistence.BlobStore;
import dev.flowengine.persistence.ExecutionStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an engine keeps its executions.
 *
 * @param store where
 * @param codec encodes what nodes receive and fire
 * @param payloadLimit how many bytes such a value may take
 * @param blobStore where such values are kept that are large; null if they are kept with the others
 * @param offloadAbove how many bytes a value takes at most that is not large
 * @param durability what nodes wait for before they start
 * @param lease how long another engine waits for this one before it takes over
 * @param sweepInterval how often this one looks for executions to take over
 * @param offloadAfter after how long an execution that only waits is let go of; zero for never
 * @param maxTries how often in a row an execution is taken over from an engine that was lost, before it is parked
 * @param retention which of those that have ended are kept
 */
public record StoreSettings(
        ExecutionStore store,
        PayloadCodec codec,
        int payloadLimit,
        @Nullable BlobStore blobStore,
        int offloadAbove,
        Durability durability,
        Duration lease,
        Duration sweepInterval,
        Duration offloadAfter,
        int maxTries,
        Retention retention) {}
