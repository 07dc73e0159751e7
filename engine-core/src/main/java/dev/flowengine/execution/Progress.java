package dev.flowengine.execution;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How far an execution has come. Neither number ever goes back: what is settled stays settled, and the nodes of an
 * execution are known from its start. The node that settles last counts once the execution itself has ended.
 *
 * @param settled how many nodes are settled, in whatever way; all of them if, and only if, the execution has ended
 * @param total how many nodes belong to the execution, at least 1
 * @param remaining how long it will go on if its nodes take as long as they did before, with a thread for each that is
 *     ready; empty if that cannot be said, see {@link ExecutionSnapshot#progress()}
 */
public record Progress(int settled, int total, Optional<Duration> remaining) {

    /** Refuses numbers that make no sense, and null. */
    public Progress {
        if (settled < 0 || total < 1 || settled > total) {
            throw new IllegalArgumentException(settled + " settled nodes of " + total);
        }
        Objects.requireNonNull(remaining, "remaining");
    }

    /**
     * What part of the nodes is settled.
     *
     * @return from 0 to 1; 1 if, and only if, the execution has ended
     */
    public double fraction() {
        return (double) settled / total;
    }
}
