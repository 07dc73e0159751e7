package dev.flowengine.internal.kernel;

import dev.flowengine.execution.Durability;
import dev.flowengine.execution.Retention;
import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.persistence.ExecutionStore;
import java.time.Duration;

/**
 * How an engine keeps its executions.
 *
 * @param store where
 * @param codec encodes what nodes receive and fire
 * @param payloadLimit how many bytes such a value may take
 * @param durability what nodes wait for before they start
 * @param lease how long another engine waits for this one before it takes over
 * @param sweepInterval how often this one looks for executions to take over
 * @param maxTries how often in a row an execution is taken over from an engine that was lost, before it is parked
 * @param retention which of those that have ended are kept
 */
public record StoreSettings(
        ExecutionStore store,
        PayloadCodec codec,
        int payloadLimit,
        Durability durability,
        Duration lease,
        Duration sweepInterval,
        int maxTries,
        Retention retention) {}
