package dev.flowengine.internal.attempt;

import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.machine.Signal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells that an attempt took too long: apart from the attempt, whose body may still be at work on its own outcome. */
final class TimedOutAttempt extends Signal {
    private final int node;
    private final int ticket;
    private final NodeFailure failure;
    private final @Nullable Duration retryIn;

    TimedOutAttempt(int node, int ticket, NodeFailure failure, @Nullable Duration retryIn) {
        this.node = node;
        this.ticket = ticket;
        this.failure = failure;
        this.retryIn = retryIn;
    }

    @Override
    public void applyTo(ExecutionMachine machine) {
        machine.failed(node, ticket, failure, retryIn);
    }
}
