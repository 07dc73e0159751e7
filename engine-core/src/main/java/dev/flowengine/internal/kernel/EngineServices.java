package dev.flowengine.internal.kernel;

import dev.flowengine.extension.TimeSource;
import dev.flowengine.extension.Timer;
import dev.flowengine.internal.attempt.CachedResults;
import dev.flowengine.internal.attempt.LoggingContext;
import dev.flowengine.internal.delivery.EventDispatcher;
import dev.flowengine.internal.scheduling.BodyThreads;
import dev.flowengine.internal.scheduling.Workers;
import dev.flowengine.node.NodeInterceptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What every execution of an engine uses.
 *
 * @param workers drain mailboxes and run bodies that only compute
 * @param bodyThreads run the other bodies
 * @param delivery runs listeners and callbacks
 * @param events hands events to listeners
 * @param interceptors stand around bodies, the outermost first
 * @param results stands in front of bodies whose results are used again; null without a cache
 * @param time the clock
 * @param timer does things later
 * @param interruptAfter how long a body that was asked to stop has until it is interrupted
 * @param cancelGrace how long it has until it is given up
 * @param lateResults counts the results nobody waited for any more
 * @param loggingContext what stands around bodies
 * @param nodeTimes whether nodes are timed
 */
record EngineServices(
        Workers workers,
        BodyThreads bodyThreads,
        Executor delivery,
        EventDispatcher events,
        List<NodeInterceptor> interceptors,
        @Nullable CachedResults results,
        TimeSource time,
        Timer timer,
        Duration interruptAfter,
        Duration cancelGrace,
        LongAdder lateResults,
        LoggingContext loggingContext,
        boolean nodeTimes) {}
