package dev.flowengine;

import dev.flowengine.event.ExecutionListener;
import dev.flowengine.execution.Durability;
import dev.flowengine.execution.Retention;
import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.extension.ResultCache;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.extension.Timer;
import dev.flowengine.flow.Timeouts;
import dev.flowengine.internal.kernel.EngineConfig;
import dev.flowengine.node.NodeInterceptor;
import dev.flowengine.persistence.BlobStore;
import dev.flowengine.persistence.ExecutionStore;
import java.time.Duration;
import java.util.concurrent.Executor;

/** Configures an engine, see {@link FlowEngine#builder()}. Not thread-safe. */
public final class FlowEngineBuilder {
    private final EngineConfig.Builder config = new EngineConfig.Builder();

    FlowEngineBuilder() {}

    /**
     * How many engine workers decide what runs next and run the bodies marked {@code cpuBound()}.
     *
     * @param count at least 1; as many as processors unless set
     * @return this
     */
    public FlowEngineBuilder workers(int count) {
        config.workers(count);
        return this;
    }

    /**
     * How many bodies may run at once on threads of their own. Bodies beyond that wait, in order, without holding
     * anything.
     *
     * @param max at least 1; unless set, unlimited where there are virtual threads (Java 21 and later), else 256
     * @return this
     */
    public FlowEngineBuilder bodyThreads(int max) {
        config.bodyThreads(max);
        return this;
    }

    /**
     * Runs bodies that are not {@code cpuBound()} on the host's threads. The engine never shuts the executor down.
     *
     * @param executor runs each task it is given, on some other thread and in time
     * @return this
     */
    public FlowEngineBuilder bodyExecutor(Executor executor) {
        config.bodyExecutor(executor);
        return this;
    }

    /**
     * Adds a listener.
     *
     * @param listener is told of every event of every execution
     * @return this
     */
    public FlowEngineBuilder listener(ExecutionListener listener) {
        config.listener(listener);
        return this;
    }

    /**
     * Adds an interceptor, which stands around every attempt of every node with a body.
     *
     * @param interceptor is called inside of those added before
     * @return this
     */
    public FlowEngineBuilder interceptor(NodeInterceptor interceptor) {
        config.interceptor(interceptor);
        return this;
    }

    /**
     * What keeps results of nodes whose flow says that they may be used again. Unless set, the cache found by {@link
     * java.util.ServiceLoader}, which is that of the artifact {@code engine-cache}; without one, such nodes run each time.
     *
     * @param cache keeps results
     * @return this
     */
    public FlowEngineBuilder resultCache(ResultCache cache) {
        config.resultCache(cache);
        return this;
    }

    /**
     * Has the {@link #store} keep results of nodes whose flow says that they may be used again, in place of a {@link #resultCache}:
     * all engines on the store use them, and they outlast the process. Two inputs are the same there if the {@link #codec} writes the
     * same for them, and a result is given as it is read back.
     *
     * @return this
     */
    public FlowEngineBuilder resultCacheInStore() {
        config.resultCacheInStore();
        return this;
    }

    /**
     * How many events are kept for each listener that is behind. Beyond that events are dropped for it, and it is told so by
     * an {@link dev.flowengine.event.EventsDropped} in their place. For the ends of executions there is as much room again.
     *
     * @param maxEvents at least 1; 8,192 unless set
     * @return this
     */
    public FlowEngineBuilder listenerBuffer(int maxEvents) {
        config.listenerBuffer(maxEvents);
        return this;
    }

    /**
     * Whether the times at which nodes start and end are kept.
     *
     * @param on true unless set
     * @return this
     */
    public FlowEngineBuilder nodeTimes(boolean on) {
        config.nodeTimes(on);
        return this;
    }

    /**
     * Whether the logging context (MDC) carries executionId, flowId, nodeId and attempt around each body.
     *
     * @param on true unless set
     * @return this
     */
    public FlowEngineBuilder loggingContext(boolean on) {
        config.loggingContext(on);
        return this;
    }

    /**
     * How many ended executions can be found again, and for how long.
     *
     * @param maxExecutions at least 0; 1,000 unless set
     * @param maxAge positive; one hour unless set
     * @return this
     */
    public FlowEngineBuilder archive(int maxExecutions, Duration maxAge) {
        config.archive(maxExecutions, maxAge);
        return this;
    }

    /**
     * The clock the engine reads.
     *
     * @param timeSource the machine's clock unless set
     * @return this
     */
    public FlowEngineBuilder timeSource(TimeSource timeSource) {
        config.timeSource(timeSource);
        return this;
    }

    /**
     * The timer the engine uses. Together with {@link #timeSource} it lets a test own the time.
     *
     * @param timer a timer with a thread of its own unless set; the engine never shuts it down
     * @return this
     */
    public FlowEngineBuilder timer(Timer timer) {
        config.timer(timer);
        return this;
    }

    /**
     * How long attempts, nodes and executions may take of which neither the node nor the flow says it.
     *
     * @param defaults no limits unless set
     * @return this
     */
    public FlowEngineBuilder timeouts(Timeouts defaults) {
        config.timeouts(defaults);
        return this;
    }

    /**
     * How long a cancelled execution waits for bodies that run. They are asked to stop at once; after the grace period
     * the execution ends, whatever they do.
     *
     * @param grace not negative; 10 seconds unless set
     * @return this
     */
    public FlowEngineBuilder cancelGrace(Duration grace) {
        config.cancelGrace(grace);
        return this;
    }

    /**
     * How long bodies of a cancelled execution have until they are interrupted.
     *
     * @param delay not negative; half the grace period unless set
     * @return this
     */
    public FlowEngineBuilder interruptAfter(Duration delay) {
        config.interruptAfter(delay);
        return this;
    }

    /**
     * How many bodies that timed out or were cancelled may hold their threads without returning. Each is replaced, so
     * that others find a thread; beyond this number no further body is started, and nodes fail with LIMIT_EXCEEDED.
     * Does not apply to a {@link #bodyExecutor}.
     *
     * @param max at least 0; 64 unless set
     * @return this
     */
    public FlowEngineBuilder maxAbandoned(int max) {
        config.maxAbandoned(max);
        return this;
    }

    /**
     * How long an execution that is running may stand still, with no attempt of a node starting or ending, until listeners
     * are told ({@link dev.flowengine.event.ExecutionStuck}) and {@link FlowEngine#health()} shows it. Make it longer than
     * the longest body. It is told a quarter of that time late at most.
     *
     * @param limit not negative; 15 minutes unless set, zero for never
     * @return this
     */
    public FlowEngineBuilder stuckAfter(Duration limit) {
        config.stuckAfter(limit);
        return this;
    }

    /**
     * How deep flows may start flows: how many executions may stand above one that a node has started. A node that would go
     * deeper fails with {@code LIMIT_EXCEEDED}, so that a flow that starts itself comes to an end.
     *
     * @param most at least 1; 16 unless set
     * @return this
     */
    public FlowEngineBuilder subflowDepth(int most) {
        config.subflowDepth(most);
        return this;
    }

    /**
     * Keeps executions in a store: they survive the process, and another engine on the same store goes on with them. Every
     * flow then has to declare the types of what its nodes put out. Without a store executions live in memory.
     *
     * @param store where, such as {@code JdbcExecutionStore.create(dataSource)}; not closed with the engine
     * @return this
     */
    public FlowEngineBuilder store(ExecutionStore store) {
        config.store(store);
        return this;
    }

    /**
     * How values are encoded for the store. Unless set, the codec found by {@link java.util.ServiceLoader}: that of the
     * artifact {@code engine-json}, if it is there.
     *
     * @param codec encodes and decodes
     * @return this
     */
    public FlowEngineBuilder codec(PayloadCodec codec) {
        config.codec(codec);
        return this;
    }

    /**
     * How large an encoded value may be that a node receives or puts out. A node that puts out more fails with
     * {@code LIMIT_EXCEEDED}.
     *
     * @param bytes at least 1; 4 MiB unless set
     * @return this
     */
    public FlowEngineBuilder payloadLimit(int bytes) {
        config.payloadLimit(bytes);
        return this;
    }

    /**
     * Keeps large payloads outside of the {@link #store}, whose rows then hold references, and lets nodes put out a {@link
     * dev.flowengine.node.Blob}. Needs a store. Nodes marked {@code cpuBound()} run on body threads then, as what they put out may
     * have to be waited for.
     *
     * @param store where, such as {@code FileBlobStore.in(directory)} of the artifact {@code engine-blobs}; of this execution store
     *     alone: blobs of executions it does not know are removed a day after they were written
     * @return this
     */
    public FlowEngineBuilder blobStore(BlobStore store) {
        config.blobStore(store);
        return this;
    }

    /**
     * Which payloads are large: those that take more bytes go to the {@link #blobStore}, if there is one. {@link
     * #payloadLimit} holds for them, too, as they are in memory as a whole.
     *
     * @param bytes at least 0; 256 KiB unless set
     * @return this
     */
    public FlowEngineBuilder offloadAbove(int bytes) {
        config.offloadAbove(bytes);
        return this;
    }

    /**
     * What a node waits for before it starts, with a store: that what made it ready is written, or only that it is on its way.
     *
     * @param durability {@link Durability#SYNC} unless set
     * @return this
     */
    public FlowEngineBuilder durability(Durability durability) {
        config.durability(durability);
        return this;
    }

    /**
     * How long other engines on the store wait for this one, if it is not heard of, until they take over its executions. The
     * heartbeat comes three times as often. An engine that could not renew its lease in time goes on with nothing until it can.
     *
     * @param length positive; 15 seconds unless set
     * @return this
     */
    public FlowEngineBuilder lease(Duration length) {
        config.lease(length);
        return this;
    }

    /**
     * How often this engine looks for executions to go on with, and for the ends of those it waits for.
     *
     * @param interval positive; 5 seconds unless set
     * @return this
     */
    public FlowEngineBuilder sweepInterval(Duration interval) {
        config.sweepInterval(interval);
        return this;
    }

    /**
     * After how long an execution that does nothing but wait is let go of, so that it takes no memory: it stays in the store, and any
     * engine that knows its flow takes it up again when it is due, or when somebody sends it a signal or asks something of it. One
     * that goes on again so soon that this is not worth it stays where it is. Without a store nothing is let go of.
     *
     * @param idle not negative; 1 minute unless set, zero for never
     * @return this
     */
    public FlowEngineBuilder offloadAfter(Duration idle) {
        config.offloadAfter(idle);
        return this;
    }

    /**
     * How often in a row an execution is taken over from engines that were lost while they had it, without getting
     * anywhere: after that it is {@code PARKED} with the reason until somebody resumes it.
     *
     * @param count at least 1; 5 unless set
     * @return this
     */
    public FlowEngineBuilder maxTakeOvers(int count) {
        config.maxTakeOvers(count);
        return this;
    }

    /**
     * Which ended executions the store keeps. Others are removed for good, a bounded number at a time, every twelve
     * {@linkplain #sweepInterval sweep intervals}; ages count by the clock of the store. With several engines on a store, the
     * strictest limit is what counts. Has no effect without a store, where {@link #archive} is the limit.
     *
     * @param retention the limits; everything is kept unless set
     * @return this
     */
    public FlowEngineBuilder retention(Retention retention) {
        config.retention(retention);
        return this;
    }

    /**
     * Creates the engine.
     *
     * @return a running engine
     * @throws dev.flowengine.model.FlowException if there is a store and no {@link #codec}, or a {@link #blobStore} and no store, or a
     *     {@link #resultCacheInStore()} and no store that has a cache
     */
    public FlowEngine build() {
        return new FlowEngine(config.build());
    }
}
