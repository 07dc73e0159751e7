package dev.flowengine.internal.attempt;

import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Turns what a body threw, or what cut it short, into a failure. */
public final class Failures {
    private static final int LONGEST_STACK_TEXT = 8_000;

    private Failures() {}

    static NodeFailure of(Throwable thrown, String nodeId, int attempt) {
        return of(thrown, FailureKind.NODE_EXECUTION_FAILED, nodeId, attempt);
    }

    /**
     * A failure of a node.
     *
     * @param thrown what went wrong
     * @param kind what kind of thing that is
     * @param nodeId the node
     * @param attempt which attempt of the node has failed
     * @return the failure
     */
    public static NodeFailure of(Throwable thrown, FailureKind kind, String nodeId, int attempt) {
        try {
            return describe(thrown, kind, nodeId, attempt);
        } catch (Throwable undescribable) {
            // An exception may fail to describe itself, and memory may be short: the node must fail all the same.
            String type = thrown.getClass().getName();
            return new NodeFailure(new FlowError(kind, type, "", "", nodeId, attempt, ""), thrown);
        }
    }

    private static NodeFailure describe(Throwable thrown, FailureKind kind, String nodeId, int attempt) {
        String resolution = kind == FailureKind.NODE_TIMEOUT
                ? "Give the node more time with timeout(…) or nodeTimeout(…), or look for what holds its body up."
                : "";
        if (thrown instanceof FlowException flowException) {
            resolution = flowException.suggestedResolution();
        }
        return new NodeFailure(
                new FlowError(kind, typeOf(thrown), messageOf(thrown), stackText(thrown), nodeId, attempt, resolution),
                thrown);
    }

    static TimeoutException timeout(String nodeId, int attempt, Duration limit) {
        return new TimeoutException("attempt " + attempt + " of node '" + nodeId + "' took longer than " + limit);
    }

    /**
     * The failure of a node that has used up its time, whatever it is doing.
     *
     * @param nodeId the node
     * @param attempt its current attempt
     * @param limit how long it was allowed to take
     * @return the failure
     */
    public static NodeFailure nodeTimeout(String nodeId, int attempt, Duration limit) {
        TimeoutException thrown = new TimeoutException(
                "node '" + nodeId + "' took longer than " + limit + ", waits and all attempts included");
        return of(thrown, FailureKind.NODE_TIMEOUT, nodeId, attempt);
    }

    static NodeFailure refusedByExecutor(Throwable cause, String nodeId) {
        if (cause instanceof FlowException limit && limit.kind() == FailureKind.LIMIT_EXCEEDED) {
            return of(limit, limit.kind(), nodeId, 0);
        }
        return of(
                FlowException.of(
                                FailureKind.NODE_EXECUTION_FAILED,
                                "the executor for bodies refused node '" + nodeId + "': " + cause)
                        .cause(cause)
                        .suggestedResolution("Give bodyExecutor a queue that takes every body, or limit bodyThreads.")
                        .build(),
                nodeId,
                0);
    }

    /**
     * What a node puts out is not what it is declared to.
     *
     * @param nodeId the node
     * @param type what is declared
     * @param value what it puts out
     * @return says so
     */
    public static FlowException wrongType(String nodeId, TypeRef<?> type, @Nullable Object value) {
        String found = value == null ? "null" : value.getClass().getName();
        return FlowException.of(
                        FailureKind.NODE_EXECUTION_FAILED,
                        "node '" + nodeId + "' returned a value of " + found + ", but is declared to put out " + type)
                .affectedNodes(List.of(nodeId))
                .suggestedResolution("Return a value of the declared type.")
                .build();
    }

    /** How long to wait before another attempt; null if there is none. Asks what may be code of the host. */
    static @Nullable Duration delayBeforeRetry(RetryPolicy retry, int attempt, Throwable thrown) {
        try {
            return retry.allows(attempt, thrown)
                    ? retry.delayAfter(attempt, ThreadLocalRandom.current().nextDouble())
                    : null;
        } catch (Throwable broken) {
            // The failure of the body is what counts; what decides about another attempt must not hide it.
            if (broken != thrown) {
                thrown.addSuppressed(broken);
            }
            return null;
        }
    }

    /** What really failed, without the wrapper a stage puts around it. */
    static Throwable unwrap(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    /** A type of the engine's own is nothing to anybody else. */
    private static String typeOf(Throwable thrown) {
        Class<?> type = thrown instanceof UnkeptOutput ? FlowException.class : thrown.getClass();
        return type.getName();
    }

    private static String messageOf(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? "" : message;
    }

    private static String stackText(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        StringBuffer buffer = text.getBuffer();
        return buffer.length() <= LONGEST_STACK_TEXT ? text.toString() : buffer.substring(0, LONGEST_STACK_TEXT) + "…";
    }
}
