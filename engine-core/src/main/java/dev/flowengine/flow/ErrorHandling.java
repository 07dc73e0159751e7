package dev.flowengine.flow;

import dev.flowengine.model.FlowError;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a node whose last attempt has failed. Anything but {@link #FAIL} handles the failure: the node
 * completes, and what depends on it sees a completed node.
 *
 * <p>A branch decides by the port it fires, so a failure must not fire one: apart from {@link #ERROR_OUTPUT} it can handle
 * failures only if {@code main} is its first output port.
 */
public sealed interface ErrorHandling {

    /** The node fails. */
    ErrorHandling FAIL = new Fail();

    /** The node completes and its first output port fires with the {@link FlowError}. */
    ErrorHandling CONTINUE = new Continue();

    /** The node completes and only its port {@code error} fires, with the {@link FlowError} and the node's input. */
    ErrorHandling ERROR_OUTPUT = new ErrorOutput();

    /**
     * The node completes with a given value.
     *
     * @param value what its first output port fires with, may be null
     * @return the handling
     */
    static ErrorHandling fallback(@Nullable Object value) {
        return new Fallback(value);
    }

    /**
     * The node completes with a value made from the failure.
     *
     * @param recovery makes what its first output port fires with, on a thread for bodies; if it throws, the node
     *     fails with what it threw
     * @return the handling
     */
    static ErrorHandling recover(ThrowingFunction<? super FlowError, ? extends @Nullable Object> recovery) {
        return new Recover(recovery);
    }

    /** See {@link #FAIL}. */
    record Fail() implements ErrorHandling {

        @Override
        public String toString() {
            return "FAIL";
        }
    }

    /** See {@link #CONTINUE}. */
    record Continue() implements ErrorHandling {

        @Override
        public String toString() {
            return "CONTINUE";
        }
    }

    /** See {@link #ERROR_OUTPUT}. */
    record ErrorOutput() implements ErrorHandling {

        @Override
        public String toString() {
            return "ERROR_OUTPUT";
        }
    }

    /**
     * See {@link #fallback}.
     *
     * @param value the value, may be null
     */
    record Fallback(@Nullable Object value) implements ErrorHandling {

        @Override
        public String toString() {
            return "FALLBACK";
        }
    }

    /**
     * See {@link #recover}.
     *
     * @param recovery makes the value
     */
    record Recover(ThrowingFunction<? super FlowError, ? extends @Nullable Object> recovery) implements ErrorHandling {

        /** Refuses null. */
        public Recover {
            Objects.requireNonNull(recovery, "recovery");
        }

        @Override
        public String toString() {
            return "RECOVER";
        }
    }
}
