package dev.flowengine.internal.kernel;

import dev.flowengine.event.ExecutionListener;
import dev.flowengine.execution.Durability;
import dev.flowengine.execution.Retention;
import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.extension.ResultCache;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.extension.Timer;
import dev.flowengine.flow.Timeouts;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.NodeInterceptor;
import dev.flowengine.persistence.BlobStore;
import dev.flowengine.persistence.ExecutionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How an engine is set up.
 *
 * @param workers how many workers
 * @param bodyThreads how many bodies at once; 0 for the default of the platform
 * @param bodyExecutor the host's threads for bodies, or null for the engine's own
 * @param listeners who is told of events
 * @param interceptors who stands around bodies, the outermost first
 * @param resultCache keeps results of nodes; null if nothing does
 * @param resultsInStore whether the store keeps results of nodes, and no cache
 * @param listenerBuffer how many events are kept for a listener that is behind
 * @param nodeTimes whether nodes are timed
 * @param loggingContext whether the logging context is filled
 * @param archiveSize how many ended executions can be found
 * @param archiveAge for how long
 * @param timeSource the clock
 * @param timer the host's timer, or null for one of the engine's own
 * @param timeouts how long things may take of which neither node nor flow says it
 * @param cancelGrace how long bodies that were asked to stop have
 * @param interruptAfter how long of it until they are interrupted
 * @param maxAbandoned how many threads may be held by bodies that were given up
 * @param stuckAfter how long an execution stands still until that is told; zero if it never is
 * @param subflowDepth how many executions may stand above one that a node has started
 * @param store how executions are kept; null if they live in memory
 */
public record EngineConfig(
        int workers,
        int bodyThreads,
        @Nullable Executor bodyExecutor,
        List<ExecutionListener> listeners,
        List<NodeInterceptor> interceptors,
        @Nullable ResultCache resultCache,
        boolean resultsInStore,
        int listenerBuffer,
        boolean nodeTimes,
        boolean loggingContext,
        int archiveSize,
        Duration archiveAge,
        TimeSource timeSource,
        @Nullable Timer timer,
        Timeouts timeouts,
        Duration cancelGrace,
        Duration interruptAfter,
        int maxAbandoned,
        Duration stuckAfter,
        int subflowDepth,
        @Nullable StoreSettings store) {

    /** Collects the settings and refuses impossible ones at once. */
    public static final class Builder {
        private final List<ExecutionListener> listeners = new ArrayList<>();
        private final List<NodeInterceptor> interceptors = new ArrayList<>();
        private int workers = Runtime.getRuntime().availableProcessors();
        private int bodyThreads;
        private @Nullable Executor bodyExecutor;
        private int listenerBuffer = 8_192;
        private boolean nodeTimes = true;
        private boolean loggingContext = true;
        private int archiveSize = 1_000;
        private Duration archiveAge = Duration.ofHours(1);
        private TimeSource timeSource = TimeSource.system();
        private @Nullable Timer timer;
        private Timeouts timeouts = Timeouts.none();
        private Duration cancelGrace = Duration.ofSeconds(10);
        private @Nullable Duration interruptAfter;
        private int maxAbandoned = 64;
        private Duration stuckAfter = Duration.ofMinutes(15);
        private int subflowDepth = 16;
        private @Nullable ExecutionStore store;
        private @Nullable PayloadCodec codec;
        private @Nullable ResultCache resultCache;
        private boolean resultsInStore;
        private int payloadLimit = 4 << 20;
        private @Nullable BlobStore blobStore;
        private int offloadAbove = 256 << 10;
        private Durability durability = Durability.SYNC;
        private Duration lease = Duration.ofSeconds(15);
        private Duration sweepInterval = Duration.ofSeconds(5);
        private Duration offloadAfter = Duration.ofMinutes(1);
        private int maxTakeOvers = 5;
        private Retention retention = Retention.unlimited();

        /**
         * Sets the number of workers.
         *
         * @param count at least 1
         */
        public void workers(int count) {
            this.workers = atLeast(1, count, "workers");
        }

        /**
         * Sets how many bodies may run at once.
         *
         * @param max at least 1
         */
        public void bodyThreads(int max) {
            this.bodyThreads = atLeast(1, max, "bodyThreads");
        }

        /**
         * Sets the host's threads.
         *
         * @param executor runs bodies
         */
        public void bodyExecutor(Executor executor) {
            this.bodyExecutor = Objects.requireNonNull(executor, "executor");
        }

        /**
         * Adds a listener.
         *
         * @param listener is told of events
         */
        public void listener(ExecutionListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
        }

        /**
         * Adds an interceptor.
         *
         * @param interceptor stands around bodies, inside of those added before
         */
        public void interceptor(NodeInterceptor interceptor) {
            interceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
        }

        /**
         * Bounds what is kept for listeners.
         *
         * @param maxEvents at least 1
         */
        public void listenerBuffer(int maxEvents) {
            this.listenerBuffer = atLeast(1, maxEvents, "listenerBuffer");
        }

        /**
         * Sets whether nodes are timed.
         *
         * @param on whether
         */
        public void nodeTimes(boolean on) {
            this.nodeTimes = on;
        }

        /**
         * Sets whether the logging context is filled.
         *
         * @param on whether
         */
        public void loggingContext(boolean on) {
            this.loggingContext = on;
        }

        /**
         * Bounds the archive.
         *
         * @param maxExecutions at least 0
         * @param maxAge positive
         */
        public void archive(int maxExecutions, Duration maxAge) {
            if (maxAge.isNegative() || maxAge.isZero()) {
                throw new IllegalArgumentException("archive age is " + maxAge + ", but must be positive");
            }
            this.archiveSize = atLeast(0, maxExecutions, "archive");
            this.archiveAge = maxAge;
        }

        /**
         * Sets the clock.
         *
         * @param source the clock
         */
        public void timeSource(TimeSource source) {
            this.timeSource = Objects.requireNonNull(source, "source");
        }

        /**
         * Sets the timer.
         *
         * @param hosts the host's timer
         */
        public void timer(Timer hosts) {
            this.timer = Objects.requireNonNull(hosts, "hosts");
        }

        /**
         * Sets the default timeouts.
         *
         * @param defaults how long things may take
         */
        public void timeouts(Timeouts defaults) {
            this.timeouts = Objects.requireNonNull(defaults, "defaults");
        }

        /**
         * Sets how long a cancel takes at most.
         *
         * @param grace not negative
         */
        public void cancelGrace(Duration grace) {
            this.cancelGrace = notNegative(grace, "cancelGrace");
        }

        /**
         * Sets when cancelled bodies are interrupted.
         *
         * @param delay not negative
         */
        public void interruptAfter(Duration delay) {
            this.interruptAfter = notNegative(delay, "interruptAfter");
        }

        /**
         * Sets how many threads may be lost.
         *
         * @param max at least 0
         */
        public void maxAbandoned(int max) {
            this.maxAbandoned = atLeast(0, max, "maxAbandoned");
        }

        /**
         * Sets how long an execution stands still until that is told.
         *
         * @param limit not negative; zero for never
         */
        public void stuckAfter(Duration limit) {
            this.stuckAfter = notNegative(limit, "stuckAfter");
        }

        /**
         * Sets how many executions may stand above one that a node has started.
         *
         * @param most at least 1
         */
        public void subflowDepth(int most) {
            this.subflowDepth = atLeast(1, most, "subflowDepth");
        }

        /**
         * Sets where executions are kept.
         *
         * @param where the store
         */
        public void store(ExecutionStore where) {
            this.store = Objects.requireNonNull(where, "store");
        }

        /**
         * Sets how values are encoded.
         *
         * @param how the codec
         */
        public void codec(PayloadCodec how) {
            this.codec = Objects.requireNonNull(how, "codec");
        }

        /**
         * Bounds encoded values.
         *
         * @param bytes at least 1
         */
        public void payloadLimit(int bytes) {
            this.payloadLimit = atLeast(1, bytes, "payloadLimit");
        }

        /**
         * Sets where large payloads are kept.
         *
         * @param where the store
         */
        public void blobStore(BlobStore where) {
            this.blobStore = Objects.requireNonNull(where, "where");
        }

        /**
         * Sets which payloads are large.
         *
         * @param bytes at least 0
         */
        public void offloadAbove(int bytes) {
            this.offloadAbove = atLeast(0, bytes, "offloadAbove");
        }

        /**
         * Sets what nodes wait for before they start.
         *
         * @param kind which
         */
        public void durability(Durability kind) {
            this.durability = Objects.requireNonNull(kind, "durability");
        }

        /**
         * Sets how long other engines wait for this one.
         *
         * @param length positive
         */
        public void lease(Duration length) {
            this.lease = positive(length, "lease");
        }

        /**
         * Sets how often the store is looked after.
         *
         * @param interval positive
         */
        public void sweepInterval(Duration interval) {
            this.sweepInterval = positive(interval, "sweepInterval");
        }

        /**
         * Sets after how long executions that only wait are let go of.
         *
         * @param idle not negative; zero for never
         */
        public void offloadAfter(Duration idle) {
            this.offloadAfter = notNegative(idle, "offloadAfter");
        }

        /**
         * Sets how often an execution is taken over before it is parked.
         *
         * @param count at least 1
         */
        public void maxTakeOvers(int count) {
            this.maxTakeOvers = atLeast(1, count, "maxTakeOvers");
        }

        /**
         * Sets which ended executions are kept.
         *
         * @param limits the limits
         */
        public void retention(Retention limits) {
            this.retention = Objects.requireNonNull(limits, "limits");
        }

        private @Nullable StoreSettings storeSettings() {
            if (store == null && blobStore != null) {
                throw FlowException.of(
                                FailureKind.INVALID_DEFINITION,
                                "an engine with a blob store needs a store, whose executions the blobs belong to")
                        .suggestedResolution("Give store(...) to the builder, or leave out blobStore(...).")
                        .build();
            }
            return store == null
                    ? null
                    : new StoreSettings(
                            store,
                            codec == null ? foundCodec() : codec,
                            payloadLimit,
                            blobStore,
                            offloadAbove,
                            durability,
                            lease,
                            sweepInterval,
                            offloadAfter,
                            maxTakeOvers,
                            retention);
        }

        private static PayloadCodec foundCodec() {
            return ServiceLoader.load(PayloadCodec.class)
                    .findFirst()
                    .orElseThrow(() -> FlowException.of(
                                    FailureKind.INVALID_DEFINITION,
                                    "an engine with a store needs a PayloadCodec, and none was found")
                            .suggestedResolution(
                                    "Add the artifact dev.flowengine:engine-json, or give codec(...) to the"
                                            + " builder.")
                            .build());
        }

        /**
         * Sets what keeps results of nodes.
         *
         * @param cache the cache
         */
        public void resultCache(ResultCache cache) {
            this.resultCache = Objects.requireNonNull(cache, "cache");
            this.resultsInStore = false;
        }

        /** Has the store keep results of nodes. */
        public void resultCacheInStore() {
            this.resultsInStore = true;
        }

        private static @Nullable ResultCache foundResultCache() {
            return ServiceLoader.load(ResultCache.class).findFirst().orElse(null);
        }

        private static Duration positive(Duration value, String what) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(what + " is " + value + ", but must be positive");
            }
            return value;
        }

        /**
         * Creates the configuration.
         *
         * @return an immutable configuration
         */
        public EngineConfig build() {
            return new EngineConfig(
                    workers,
                    bodyThreads,
                    bodyExecutor,
                    List.copyOf(listeners),
                    List.copyOf(interceptors),
                    resultCache == null && !resultsInStore ? foundResultCache() : resultCache,
                    resultsInStore,
                    listenerBuffer,
                    nodeTimes,
                    loggingContext,
                    archiveSize,
                    archiveAge,
                    timeSource,
                    timer,
                    timeouts,
                    cancelGrace,
                    interruptAfter == null ? cancelGrace.dividedBy(2) : interruptAfter,
                    maxAbandoned,
                    stuckAfter,
                    subflowDepth,
                    storeSettings());
        }

        private static Duration notNegative(Duration value, String what) {
            if (value.isNegative()) {
                throw new IllegalArgumentException(what + " is " + value + ", but must not be negative");
            }
            return value;
        }

        private static int atLeast(int least, int value, String what) {
            if (value < least) {
                throw new IllegalArgumentException(what + " is " + value + ", but must be at least " + least);
            }
            return value;
        }
    }
}
