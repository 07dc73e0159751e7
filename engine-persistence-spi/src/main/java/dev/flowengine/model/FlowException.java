package dev.flowengine.model;

import java.io.Serial;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The root of every error this library throws.
 *
 * <p>The message says what was found, where, and what was expected; {@link #suggestedResolution()} says what to do.
 * Instances are immutable.
 */
public class FlowException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final String[] affectedNodes;
    private final String[] executionPath;
    private final String[] dependencyChain;
    private final String suggestedResolution;
    private final boolean permanent;

    /**
     * Creates the error a builder describes.
     *
     * @param builder where the parts come from
     */
    protected FlowException(Builder builder) {
        super(builder.message, builder.cause);
        this.kind = builder.kind;
        this.affectedNodes = builder.affectedNodes.toArray(String[]::new);
        this.executionPath = builder.executionPath.toArray(String[]::new);
        this.dependencyChain = builder.dependencyChain.toArray(String[]::new);
        this.suggestedResolution = builder.suggestedResolution;
        this.permanent = builder.permanent;
    }

    /**
     * Starts the description of an error.
     *
     * @param kind what kind of error
     * @param message what was found and where
     * @return a builder
     */
    public static Builder of(FailureKind kind, String message) {
        return new Builder(kind, message);
    }

    /**
     * What kind of error this is.
     *
     * @return the kind
     */
    public FailureKind kind() {
        return kind;
    }

    /**
     * Ids of the nodes the error is about.
     *
     * @return an immutable list, empty if it is about none
     */
    public List<String> affectedNodes() {
        return List.of(affectedNodes);
    }

    /**
     * The nodes that had started before the error, in order of their starts.
     *
     * @return an immutable list, empty where nothing had started
     */
    public List<String> executionPath() {
        return List.of(executionPath);
    }

    /**
     * The dependencies that led here, such as the nodes of a cycle.
     *
     * @return an immutable list, empty where there is none to show
     */
    public List<String> dependencyChain() {
        return List.of(dependencyChain);
    }

    /**
     * What to do about it.
     *
     * @return one sentence; empty if nothing is known
     */
    public String suggestedResolution() {
        return suggestedResolution;
    }

    /**
     * Whether trying again is known to be of no use: a policy of repetition that says nothing about failures does not
     * repeat a body that throws this.
     *
     * @return false unless whoever threw it said so
     */
    public boolean isPermanent() {
        return permanent;
    }

    /** Collects the parts of a {@link FlowException}; not thread-safe. */
    public static final class Builder {
        private final FailureKind kind;
        private final String message;
        private @Nullable Throwable cause;
        private List<String> affectedNodes = List.of();
        private List<String> executionPath = List.of();
        private List<String> dependencyChain = List.of();
        private String suggestedResolution = "";
        private boolean permanent;

        private Builder(FailureKind kind, String message) {
            this.kind = Objects.requireNonNull(kind, "kind");
            this.message = Objects.requireNonNull(message, "message");
        }

        /**
         * Sets what caused the error.
         *
         * @param cause the cause, or null if there is none
         * @return this
         */
        public Builder cause(@Nullable Throwable cause) {
            this.cause = cause;
            return this;
        }

        /**
         * Names the nodes the error is about.
         *
         * @param nodeIds ids of nodes
         * @return this
         */
        public Builder affectedNodes(List<String> nodeIds) {
            this.affectedNodes = List.copyOf(nodeIds);
            return this;
        }

        /**
         * Names the nodes that had started.
         *
         * @param nodeIds ids of nodes in order of their starts
         * @return this
         */
        public Builder executionPath(List<String> nodeIds) {
            this.executionPath = List.copyOf(nodeIds);
            return this;
        }

        /**
         * Names the dependencies that led to the error.
         *
         * @param nodeIds ids of nodes, upstream first
         * @return this
         */
        public Builder dependencyChain(List<String> nodeIds) {
            this.dependencyChain = List.copyOf(nodeIds);
            return this;
        }

        /**
         * Says what to do.
         *
         * @param resolution one sentence
         * @return this
         */
        public Builder suggestedResolution(String resolution) {
            this.suggestedResolution = Objects.requireNonNull(resolution, "resolution");
            return this;
        }

        /**
         * Says that trying again is of no use.
         *
         * @return this
         */
        public Builder permanent() {
            this.permanent = true;
            return this;
        }

        /**
         * Creates the error.
         *
         * @return a new exception with the current stack
         */
        public FlowException build() {
            return new FlowException(this);
        }
    }
}
