package dev.flowengine.node;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How one execution should run, beyond where it starts and with what. Immutable. */
public final class RunOptions {
    private static final RunOptions DEFAULTS = builder().build();

    private final @Nullable String key;
    private final @Nullable String userId;
    private final @Nullable String upTo;
    private final @Nullable String before;
    private final Map<String, PortValues> pins;
    private final @Nullable String outputsFrom;
    private final boolean skipDependencyCheck;
    private final boolean refreshCache;
    private final @Nullable Duration timeout;
    private final @Nullable Instant deadline;

    private RunOptions(Builder builder) {
        this.key = builder.key;
        this.userId = builder.userId;
        this.upTo = builder.upTo;
        this.before = builder.before;
        this.pins = Map.copyOf(builder.pins);
        this.outputsFrom = builder.outputsFrom;
        this.skipDependencyCheck = builder.skipDependencyCheck;
        this.refreshCache = builder.refreshCache;
        this.timeout = builder.timeout;
        this.deadline = builder.deadline;
    }

    /**
     * The options of a start that asks for nothing special.
     *
     * @return the defaults
     */
    public static RunOptions ofDefaults() {
        return DEFAULTS;
    }

    /**
     * Starts from the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * What whoever starts the execution knows it by.
     *
     * @return the key, if given
     */
    public Optional<String> key() {
        return Optional.ofNullable(key);
    }

    /**
     * On whose behalf the execution runs.
     *
     * @return an id of the host's, if given
     */
    public Optional<String> userId() {
        return Optional.ofNullable(userId);
    }

    /**
     * The node to stop after: only its ancestors and itself run.
     *
     * @return id of the node, if given
     */
    public Optional<String> upTo() {
        return Optional.ofNullable(upTo);
    }

    /**
     * The node to stop before: only its ancestors run, not itself.
     *
     * @return id of the node, if given
     */
    public Optional<String> before() {
        return Optional.ofNullable(before);
    }

    /**
     * Outputs that are given instead of computed, by node.
     *
     * @return an immutable map from node id to the ports that fire
     */
    public Map<String, PortValues> pins() {
        return pins;
    }

    /**
     * The execution whose outputs stand in for nodes that do not run in this one.
     *
     * @return its id, if given
     */
    public Optional<String> outputsFrom() {
        return Optional.ofNullable(outputsFrom);
    }

    /**
     * Whether the execution may start although a required port has no source in it.
     *
     * @return true if so; the node with that port is then skipped
     */
    public boolean skipDependencyCheck() {
        return skipDependencyCheck;
    }

    /**
     * Whether nodes with a cache run in any case, and renew what is kept.
     *
     * @return true if so
     */
    public boolean refreshCache() {
        return refreshCache;
    }

    /**
     * How long the execution may take, the time it is paused left out.
     *
     * @return the limit, if given; else that of the flow or the engine holds
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /**
     * When the execution has to have ended.
     *
     * @return the instant, if given
     */
    public Optional<Instant> deadline() {
        return Optional.ofNullable(deadline);
    }

    /**
     * Starts from these options.
     *
     * @return a builder holding a copy
     */
    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.pins.putAll(pins);
        copy.key = key;
        copy.userId = userId;
        copy.upTo = upTo;
        copy.before = before;
        copy.outputsFrom = outputsFrom;
        copy.skipDependencyCheck = skipDependencyCheck;
        copy.refreshCache = refreshCache;
        copy.timeout = timeout;
        copy.deadline = deadline;
        return copy;
    }

    /** Collects options; not thread-safe. */
    public static final class Builder {
        private final Map<String, PortValues> pins = new LinkedHashMap<>();
        private @Nullable String key;
        private @Nullable String userId;
        private @Nullable String upTo;
        private @Nullable String before;
        private @Nullable String outputsFrom;
        private boolean skipDependencyCheck;
        private boolean refreshCache;
        private @Nullable Duration timeout;
        private @Nullable Instant deadline;

        private Builder() {}

        /**
         * Names the execution, so that it is started once however often its start is repeated: a start with the key of an
         * execution that goes on, or has ended and is still in history, starts nothing and gives that execution. Keys belong
         * to a flow, whatever its version. On an engine with a store the start itself has to be possible all the same.
         *
         * <p>A start with another input is refused as KEY_CONFLICT. The input is where the execution starts and what it is
         * given: the trigger data or values of input ports, pins, {@code upTo}, {@code before}
         * and {@code outputsFrom}. In memory it is
         * compared with {@code equals}, on an engine with a store as the bytes the codec makes of it.
         *
         * @param name not empty; a store may limit its length, the stores of this library to 255 characters
         * @return this
         */
        public Builder key(String name) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("the key of an execution must not be empty");
            }
            this.key = name;
            return this;
        }

        /**
         * Takes a key back.
         *
         * @return this
         */
        public Builder noKey() {
            this.key = null;
            return this;
        }

        /**
         * Says on whose behalf the execution runs.
         *
         * @param id an id of the host's
         * @return this
         */
        public Builder userId(String id) {
            this.userId = Objects.requireNonNull(id, "id");
            return this;
        }

        /**
         * Runs only what leads to a node, and the node itself. Of a node in the body of a loop, the whole loop. Replaces what
         * {@link #before} has said.
         *
         * @param nodeId id of the node
         * @return this
         */
        public Builder upTo(String nodeId) {
            this.upTo = Objects.requireNonNull(nodeId, "nodeId");
            this.before = null;
            return this;
        }

        /**
         * Runs only what leads to a node, and the node itself.
         *
         * @param target any output of the node
         * @return this
         */
        public Builder upTo(Output<?> target) {
            return upTo(target.nodeId());
        }

        /**
         * Runs everything a node needs, but not the node. Of a node in the body of a loop, everything the loop needs. Replaces
         * what {@link #upTo} has said.
         *
         * @param nodeId id of the node
         * @return this
         */
        public Builder before(String nodeId) {
            this.before = Objects.requireNonNull(nodeId, "nodeId");
            this.upTo = null;
            return this;
        }

        /**
         * Runs everything a node needs, but not the node.
         *
         * @param target any output of the node
         * @return this
         */
        public Builder before(Output<?> target) {
            return before(target.nodeId());
        }

        /**
         * Gives an output instead of computing it: the node's body is not called. A node whose pins leave out a port
         * does not fire that port.
         *
         * @param output the output
         * @param value its value
         * @param <T> type of the value
         * @return this
         */
        public <T extends @Nullable Object> Builder pin(Output<T> output, T value) {
            return pin(output.nodeId(), output.port(), value);
        }

        /**
         * Gives an output instead of computing it.
         *
         * @param nodeId id of the node
         * @param port name of its output port
         * @param value the value, may be null
         * @return this
         * @throws dev.flowengine.model.FlowException if the port is pinned already
         */
        public Builder pin(String nodeId, String port, @Nullable Object value) {
            pins.put(nodeId, pins.getOrDefault(nodeId, PortValues.none()).and(port, value));
            return this;
        }

        /**
         * Pins a node that fires nothing, or several ports at once.
         *
         * @param nodeId id of the node
         * @param values the ports that fire
         * @return this
         */
        public Builder pin(String nodeId, PortValues values) {
            pins.put(Objects.requireNonNull(nodeId, "nodeId"), Objects.requireNonNull(values, "values"));
            return this;
        }

        /**
         * Lets the outputs of an earlier execution stand in for nodes that are not part of this one. Its completed
         * nodes supply the ports they fired, and so do the nodes whose outputs it was supplied with itself; pins take
         * precedence. They feed the node the execution begins with too, at the input ports that are given no value by hand:
         * of a single-valued port the first connection that fired there counts, of a collecting one all do.
         *
         * @param executionId id of an execution of the same flow, of any version, that has ended and is in the archive or, on
         *     an engine that knows its version, in the store
         * @return this
         */
        public Builder outputsFrom(String executionId) {
            this.outputsFrom = Objects.requireNonNull(executionId, "executionId");
            return this;
        }

        /**
         * Starts although a required port has no source; the node with that port is skipped.
         *
         * @return this
         */
        public Builder skipDependencyCheck() {
            this.skipDependencyCheck = true;
            return this;
        }

        /**
         * Lets every node with a {@code CachePolicy} run, and its result take the place of the one that is kept. An engine
         * that goes on with the execution of another one uses the cache again.
         *
         * @return this
         */
        public Builder refreshCache() {
            this.refreshCache = true;
            return this;
        }

        /**
         * Limits how long the execution may take; it fails with EXECUTION_TIMEOUT after it. Time stands still while it is
         * paused.
         *
         * @param limit positive
         * @return this
         */
        public Builder timeout(Duration limit) {
            if (limit.isNegative() || limit.isZero()) {
                throw new IllegalArgumentException("execution timeout is " + limit + ", but must be positive");
            }
            this.timeout = limit;
            return this;
        }

        /**
         * Says when the execution has to have ended; it fails with EXECUTION_TIMEOUT then, paused or not.
         *
         * @param instant by the engine's clock
         * @return this
         */
        public Builder deadline(Instant instant) {
            this.deadline = Objects.requireNonNull(instant, "instant");
            return this;
        }

        /**
         * Takes a deadline back.
         *
         * @return this
         */
        public Builder noDeadline() {
            this.deadline = null;
            return this;
        }

        /**
         * Creates the options.
         *
         * @return immutable options
         */
        public RunOptions build() {
            return new RunOptions(this);
        }
    }
}
