package dev.flowengine.internal.kernel;

import dev.flowengine.execution.EngineHealth;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.FlowMetrics;
import dev.flowengine.execution.HistoryPage;
import dev.flowengine.execution.HistoryQuery;
import dev.flowengine.execution.Redrive;
import dev.flowengine.execution.ResumeCheck;
import dev.flowengine.extension.TimeSource;
import dev.flowengine.flow.Flow;
import dev.flowengine.internal.attempt.CachedResults;
import dev.flowengine.internal.attempt.LoggingContext;
import dev.flowengine.internal.delivery.EventDispatcher;
import dev.flowengine.internal.journal.BlobTypes;
import dev.flowengine.internal.journal.RunArchive;
import dev.flowengine.internal.scheduling.EngineThread;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.FlowRecord;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunTrail;
import dev.flowengine.plan.ExecutionPlan;
import dev.flowengine.plan.Start;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The inside of an engine. Thread-safe. */
public final class EngineKernel {
    private static final Duration LAST_WRITES = Duration.ofSeconds(5);

    private final EngineThreads threads;
    private final EngineServices services;
    private final Starter starter;
    private final @Nullable DurableRuns durable;
    private final StuckWatch stuck;
    private final HealthCheck health;
    private final Redrives redrives;
    private final AutomaticRedrive automatic;
    private final FlowRegistry registry = new FlowRegistry();
    private final RunArchive<RunResult> archive;
    private final Lookup lookup;
    private final SubflowTargets targets = new SubflowTargets(registry);
    private final Subflows subflows;
    private final History history;
    private final LiveRuns live = new LiveRuns();
    private final RunKeys keys = new RunKeys();
    private final RunOwner owner = new Owner();
    private final StoredExecutions stored = new StoredExecutions();
    private final Admission admission;
    private final CountDownLatch closed = new CountDownLatch(1);

    private EngineKernel(EngineConfig config) {
        // Before there are threads: it may be refused.
        CachedResults results = ResultCaches.of(config);
        this.threads = new EngineThreads(config);
        TimeSource time = new DependableTime(config.timeSource());
        this.services = new EngineServices(
                threads.workers(),
                threads.bodies(),
                threads.delivery(),
                new EventDispatcher(config.listeners(), config.listenerBuffer(), threads.delivery(), time),
                config.interceptors(),
                results,
                time,
                threads.timer(),
                config.interruptAfter(),
                config.cancelGrace(),
                new LongAdder(),
                new LoggingContext(config.loggingContext(), config.bodyExecutor() != null),
                config.nodeTimes());
        StoreSettings settings = config.store();
        this.durable = settings == null ? null : new DurableRuns(settings, time, threads.delivery(), registry, stored);
        this.archive = new RunArchive<>(
                config.archiveSize(),
                config.archiveAge(),
                time,
                end -> keys.free(end.last().scope()));
        this.lookup = new Lookup(live, archive, durable, stored);
        this.starter = new Starter(services, config.timeouts(), lookup::ended, durable);
        this.stuck = new StuckWatch(services, config.stuckAfter(), live.all());
        this.admission = new Admission(starter, live, keys, durable, stuck, owner, lookup);
        this.subflows = new Subflows(targets, lookup, admission::admit, config.subflowDepth(), durable);
        this.health = new HealthCheck(services, stuck, config);
        this.redrives = new Redrives(starter, live, owner, lookup, admission::start);
        this.automatic = new AutomaticRedrive(services, redrives::byItself);
        this.history = durable == null ? new HistoryInMemory(lookup::known) : new HistoryInStore(durable.store());
    }

    /**
     * Starts an engine.
     *
     * @param config how it is set up
     * @return a running engine
     */
    public static EngineKernel start(EngineConfig config) {
        return new EngineKernel(config);
    }

    /**
     * Makes a flow known.
     *
     * @param flow the flow
     */
    public void register(Flow flow) {
        live.requireOpen();
        boolean known = registry.findSame(new FlowKey(flow.id(), flow.version()))
                .filter(flow::equals)
                .isPresent();
        if (known) {
            return;
        }
        flow.subflows().forEach(this::register);
        if (durable == null) {
            BlobTypes.require(flow, false);
            registry.register(flow);
        } else {
            targets.requireAll(flow);
            durable.register(flow);
            if (registry.register(flow)) {
                durable.registered();
            }
        }
    }

    /**
     * Makes a flow known that goes on with executions of other versions, too.
     *
     * @param flow the flow
     * @param compatible the versions
     */
    public void register(Flow flow, Set<String> compatible) {
        live.requireOpen();
        if (durable == null) {
            registry.register(flow);
        } else {
            Map<FlowKey, Optional<FlowRecord>> checked = durable.declared().checked(flow, compatible);
            register(flow);
            durable.declared().declare(flow, checked);
            durable.registered();
        }
    }

    /**
     * Starts an execution from a trigger.
     *
     * @param flow the flow
     * @param triggerId the trigger
     * @param data what it is fired with
     * @param options how to run
     * @return the execution
     */
    public FlowExecution executeFromTrigger(Flow flow, String triggerId, @Nullable Object data, RunOptions options) {
        return execute(new StartRequest(flow, Start.trigger(triggerId), data, null, options));
    }

    /**
     * Starts an execution in the middle of a flow.
     *
     * @param flow the flow
     * @param start where
     * @param input the value of the node's only input port, or {@link PortValues} for each port
     * @param options how to run
     * @return the execution
     */
    public FlowExecution executeFromNode(Flow flow, Start start, @Nullable Object input, RunOptions options) {
        PortValues values =
                input instanceof PortValues byPort ? byPort : new StartChecks(flow).onlyPort(start.nodeId(), input);
        return execute(new StartRequest(flow, start, null, values, options));
    }

    /**
     * Plans an execution.
     *
     * @param flow the flow
     * @param start where it begins
     * @param options how it would run
     * @return the plan
     */
    public ExecutionPlan plan(Flow flow, Start start, RunOptions options) {
        return starter.plan(flow, start, options);
    }

    /**
     * Finds an execution.
     *
     * @param executionId its id
     * @return its handle, if it goes on or is archived
     */
    public Optional<FlowExecution> find(String executionId) {
        return lookup.find(executionId);
    }

    /**
     * Finds an execution that has to be there.
     *
     * @param executionId its id
     * @return its handle
     */
    public FlowExecution get(String executionId) {
        return find(executionId).orElseThrow(() -> Lookup.notFound(executionId));
    }

    /**
     * Judges how the engine is doing.
     *
     * @return its health now
     */
    public EngineHealth health() {
        return health.judge(live.isClosing(), live.all().size(), durable == null ? List.of() : durable.troubles());
    }

    /**
     * Closes the engine.
     *
     * @param grace how long running bodies may take
     */
    public void close(Duration grace) {
        if (EngineThread.isCurrent()) {
            throw new IllegalStateException(
                    "a body must not close its engine, which would wait for the body: close it from another thread");
        }
        if (!live.close()) {
            awaitClosed(grace);
            return;
        }
        automatic.close();
        stuck.close();
        boolean interrupted = durable == null ? endExecutions(grace) : leaveExecutions(grace, durable);
        threads.shutdown(live.all().isEmpty());
        closed.countDown();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends what lives in memory only; true if the thread was interrupted meanwhile. */
    private boolean endExecutions(Duration grace) {
        live.all().forEach(run -> run.halt(closed("the engine was closed before this execution ended")));
        boolean interrupted = !live.awaitAll(grace);
        live.all().forEach(FlowRun::terminate);
        boolean interruptedAgain = !live.awaitAll(Duration.ofSeconds(1));
        return interrupted || interruptedAgain;
    }

    /** Hands back what is kept in a store, for others to go on with. */
    private boolean leaveExecutions(Duration grace, DurableRuns runs) {
        runs.stopTakingOver();
        live.all().forEach(FlowRun::release);
        boolean interrupted = !live.awaitAll(grace);
        // What has been decided is worth a while, but not more than whoever closes wants to wait.
        runs.close(grace.compareTo(LAST_WRITES) < 0 ? grace : LAST_WRITES);
        return interrupted;
    }

    /**
     * Prepares to run again what went wrong in an execution.
     *
     * @param executionId its id
     * @return what can be said about it before it starts
     */
    public Redrive redrive(String executionId) {
        RunResult earlier = lookup.ended(executionId);
        return redrives.of(earlier, earlier.last().scope().flow(), 0);
    }

    /**
     * Prepares to run again, with an edition of its flow, what went wrong in an execution or has changed since.
     *
     * @param executionId its id
     * @param flow the edition to run
     * @return what can be said about it before it starts
     */
    public Redrive redrive(String executionId, Flow flow) {
        if (durable != null) {
            register(flow);
        }
        return redrives.of(lookup.ended(executionId, flow), flow, 0);
    }

    /**
     * Lists executions.
     *
     * @param query which
     * @return a page of them
     */
    public HistoryPage history(HistoryQuery query) {
        return history.page(query);
    }

    /**
     * Follows an execution to those it redrives and that redrive it.
     *
     * @param executionId its id
     * @return all of them, the oldest first
     */
    public List<ExecutionSummary> lineage(String executionId) {
        return new Lineage(history).of(executionId);
    }

    /**
     * Counts the executions of a flow.
     *
     * @param flowId the flow
     * @param kinds how those that count began
     * @return their numbers
     */
    public FlowMetrics metrics(String flowId, Set<Start.Kind> kinds) {
        return history.metrics(flowId, kinds);
    }

    /**
     * Reads what there is to read about an execution.
     *
     * @param executionId its id
     * @return its trail
     */
    public RunTrail trail(String executionId) {
        return lookup.trail(executionId);
    }

    /**
     * Judges whether an execution could go on with a flow.
     *
     * @param executionId its id
     * @param flow the flow
     * @return what stands against it
     */
    public ResumeCheck canResume(String executionId, Flow flow) {
        return lookup.canResume(executionId, flow);
    }

    /**
     * Lists executions that the engine has redriven as often as it may.
     *
     * @return the last of each row of redrives, newest first
     */
    public List<ExecutionSummary> exhausted() {
        Stream<ExecutionSummary> here = archive.all().stream()
                .filter(RunResult::isExhausted)
                .map(end -> end.last().summary(end.status()));
        return HistoryInMemory.newestFirst(
                durable == null
                        ? here
                        : Stream.concat(new ExhaustedInStore(durable.store(), registry, stored).all(), here));
    }

    private void awaitClosed(Duration atMost) {
        try {
            closed.await(TimeUnit.NANOSECONDS.convert(atMost), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private FlowExecution execute(StartRequest request) {
        live.requireOpen();
        if (durable != null) {
            register(request.flow());
        }
        return admission.execute(request);
    }

    static FlowException closed(String message) {
        return FlowException.of(FailureKind.ENGINE_CLOSED, message)
                .suggestedResolution("Start it again on an engine that is open.")
                .build();
    }

    /** Moves executions that have ended from those that go on to the archive. */
    private final class Owner implements RunOwner {

        @Override
        public void ended(RunResult end) {
            archive.add(end.executionId(), end.last().weight(), end);
            lost(end.executionId());
            automatic.ended(end);
            subflows.ended(end.last().scope());
        }

        @Override
        public Subflows subflows() {
            return subflows;
        }

        @Override
        public void lost(String executionId) {
            live.forget(executionId);
            if (durable != null) {
                durable.forget(executionId);
            }
        }

        @Override
        public void broken(String executionId, Throwable defect) {
            FlowRun run = live.find(executionId);
            if (run != null) {
                keys.free(run.scope());
            }
            live.forget(executionId);
            if (durable != null) {
                durable.unwritable(executionId, "the engine failed: " + defect);
            }
        }

        @Override
        public void told(RunResult end) {
            if (durable != null) {
                durable.ended(end);
            }
        }

        @Override
        public void left(FlowRun run) {
            live.left(run);
            if (live.isClosing()) {
                // Somebody may have begun to wait for it just before.
                run.goneBecause(closed("the engine was closed, and leaves execution " + run.id() + " to the next one"));
            }
        }

        @Override
        public Optional<FlowExecution> find(String executionId) {
            return lookup.find(executionId);
        }

        @Override
        public void left(String executionId) {
            live.left(executionId);
        }
    }

    /** Goes on with executions from the store, and shows others. */
    private final class StoredExecutions implements TakeOver.Engine, StoredExecution.Reader {

        @Override
        public void goOn(RunImage image, Flow flow, long epoch) {
            subflows.stopLeftChildren(image, flow);
            FlowRun run = starter.restore(image, flow, epoch, owner);
            boolean orphan = subflows.isOrphan(run.scope());
            live.admit(run);
            stuck.admitted();
            run.goOn();
            if (orphan) {
                run.control().cancel("the execution that waited for it has ended");
            }
        }

        @Override
        public void stopChildren(RunImage image, Flow flow) {
            subflows.stopChildren(image, flow);
        }

        @Override
        public RunResult result(RunImage image) {
            FlowKey edition = image.run().header().flow();
            Flow flow = registry.find(edition)
                    .orElseThrow(() -> FlowException.of(
                                    FailureKind.NOT_FOUND,
                                    "execution " + image.run().executionId() + " is one of flow '" + edition.flowId()
                                            + "' version '" + edition.version() + "', which is not registered")
                            .suggestedResolution(
                                    "Register the flow: without it nobody knows the types of what was kept.")
                            .build());
            return starter.view(image, flow);
        }

        @Override
        public RunResult result(RunImage image, Flow other) {
            FlowKey edition = image.run().header().flow();
            return registry.find(edition).isPresent()
                    ? result(image)
                    : starter.part(OtherEdition.readable(image, Objects.requireNonNull(durable), other), other);
        }

        @Override
        public void forget(String executionId) {
            live.forget(executionId);
        }

        @Override
        public void forget(FlowRun run) {
            live.forget(run);
        }
    }
}
