package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeControl;
import dev.flowengine.execution.Progress;
import dev.flowengine.internal.attempt.Attempt;
import dev.flowengine.internal.attempt.NodeTimes;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.machine.Effects;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.internal.machine.Signal;
import dev.flowengine.internal.scheduling.RunLoop;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.Intervention;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One execution: carries out what its machine decides, and shows it to the host. */
final class FlowRun implements FlowExecution, RunLoop.Owner {
    private final EngineServices services;
    private final RunPlan plan;
    private final RunScope scope;
    private final RunCommands commands;
    private final RunEvents events;
    private final RunLoop loop;
    private final RunOwner owner;
    private final Changes changes;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile ExecutionStatus status = ExecutionStatus.QUEUED;
    private volatile @Nullable RunResult result;
    private volatile Instant stuckSince = Instant.EPOCH;
    private boolean begun;
    private @Nullable CompletableFuture<ExecutionResult> completion;

    FlowRun(EngineServices services, RunPlan plan, RunScope scope, ExecutionMachine machine, RunOwner owner) {
        this.services = services;
        this.plan = plan;
        this.scope = scope;
        this.events = new RunEvents(scope, services.events(), services.time());
        this.loop = new RunLoop(services.workers(), scope.layout(), machine, this);
        this.commands = new RunCommands(services, loop, scope, events);
        this.owner = owner;
        this.changes = new Changes(machine);
    }

    void start() {
        tell(ExecutionMachine::start);
    }

    /** Tells the machine something, from any thread; returns at once. */
    void tell(Consumer<ExecutionMachine> call) {
        loop.post(new Told(call));
    }

    /** Starts no further node; ends when what runs has ended. */
    void halt(FlowException reason) {
        // First the signal: a node that is withdrawn because of the halt must find the machine halted.
        tell(machine -> machine.halt(reason));
        commands.close();
    }

    /** Ends a halted execution without waiting for what still runs. */
    void terminate() {
        // First the end, then the interrupts: what a body does about them must not count any more.
        tell(ExecutionMachine::terminate);
        commands.stopBodies();
    }

    /** What a list shows of the execution now. */
    ExecutionSummary summary() {
        // Before the result, which is set first: so no summary has an end and not the time of it.
        ExecutionStatus shown = status;
        RunResult end = result;
        return end == null
                ? new ExecutionSummary(
                        id(),
                        flowId(),
                        scope.flow().version(),
                        plan.compiled().start(),
                        shown,
                        scope.options().userId(),
                        scope.startedAt(),
                        Optional.empty(),
                        Optional.ofNullable(scope.redriveOf()))
                : end.last().summary(end.status());
    }

    /** How much has happened, what bodies reported included; cheap. */
    long happened() {
        return loop.read(this::happened);
    }

    private long happened(ExecutionMachine machine) {
        return machine.happened() + scope.reports().count();
    }

    /** Nothing has happened for a long time. */
    void standsStill(StuckWatch.Standstill standstill) {
        stuckSince = standstill.since();
        tell(machine -> {
            if (happened(machine) == standstill.happened()) {
                machine.stuck(machine.happened());
            }
        });
    }

    /** Gives a node more time; false if no time of it is running. */
    boolean extend(int node, Duration more) {
        return commands.extend(node, more);
    }

    boolean awaitEnd(long nanos) throws InterruptedException {
        return ended.await(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public String id() {
        return scope.executionId();
    }

    @Override
    public String flowId() {
        return scope.index().flowId();
    }

    @Override
    public ExecutionStatus status() {
        return status;
    }

    @Override
    public ExecutionSnapshot snapshot() {
        RunResult end = result;
        if (end != null) {
            return end.last();
        }
        RunSnapshot.Moment moment = loop.read(this::moment);
        RunResult meanwhile = result;
        return meanwhile == null ? new RunSnapshot(scope, plan, moment, copyOfTimes(), takenAt()) : meanwhile.last();
    }

    @Override
    public Progress progress() {
        RunResult end = result;
        if (end != null) {
            return RunProgress.complete(scope.layout().size());
        }
        // The count before the statuses: what settles between them can only shorten the rest.
        int settled = loop.read(ExecutionMachine::settledNodes);
        return new RunProgress(scope, plan, status, scope.times(), takenAt())
                .with(settled, () -> loop.read(machine -> machine.nodes().statuses()));
    }

    @Override
    public ExecutionStatus pause() {
        ExecutionStatus met = status;
        tell(ExecutionMachine::pause);
        return met;
    }

    @Override
    public ExecutionStatus resume() {
        ExecutionStatus met = status;
        tell(ExecutionMachine::resume);
        return met;
    }

    @Override
    public ExecutionStatus cancel(String reason) {
        ExecutionStatus met = status;
        FlowException cancelled = FlowException.of(FailureKind.CANCELLED, "it was cancelled: " + reason)
                .suggestedResolution("Redrive it if it was cancelled by mistake.")
                .build();
        tell(machine -> machine.cancel(cancelled));
        return met;
    }

    @Override
    public NodeControl node(String nodeId) {
        int node = scope.layout().numberOf(nodeId);
        if (node < 0 || node >= scope.layout().size()) {
            throw NodeInterventions.notFound(this, nodeId);
        }
        if (status.isTerminal()) {
            return new EndedNode(NodeInterventions.ended(this, nodeId));
        }
        return new NodeInterventions(this, node);
    }

    @Override
    public ExecutionResult await() throws InterruptedException {
        FinishedExecution.requireMayWait();
        ended.await();
        return end();
    }

    @Override
    public Optional<ExecutionResult> await(Duration timeout) throws InterruptedException {
        FinishedExecution.requireMayWait();
        return ended.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS)
                ? Optional.of(end())
                : Optional.empty();
    }

    @Override
    public synchronized CompletionStage<ExecutionResult> completion() {
        if (completion == null) {
            RunResult end = result;
            completion = end == null ? new CompletableFuture<>() : CompletableFuture.completedFuture(end);
        }
        return completion.minimalCompletionStage();
    }

    @Override
    public boolean announcesStarts() {
        return events.isObserved();
    }

    @Override
    public @Nullable Signal runBody(int node, boolean announced) {
        Attempt attempt = new Attempt(commands.host(), node, 1, 1);
        if (!announced) {
            commands.host().started(attempt);
        }
        return attempt.call() ? attempt : null;
    }

    @Override
    public void startBody(int node) {
        commands.start(node, scope.nodes().ticket(node), scope.nodes().startingAttempt(node));
    }

    @Override
    public void changed(ExecutionMachine machine) {
        if (result != null) {
            return;
        }
        if (!begun) {
            begun = true;
            events.executionStarted();
            commands.admitted();
        }
        // First done, then shown: whoever sees a status can rely on its timers.
        machine.effects().drainCommands(commands);
        machine.effects().drainChanges(changes);
        if (machine.status().isTerminal()) {
            finish(machine);
        }
    }

    @Override
    public void publish() {
        try {
            events.publish();
        } catch (RuntimeException | Error defect) {
            // What listeners are told is no reason to end an execution.
            report(defect);
        }
    }

    RunScope scope() {
        return scope;
    }

    /** Runs something that belongs to the host of the engine where it holds nothing up. */
    void runAside(Runnable work) {
        services.delivery().execute(work);
    }

    @Override
    public void mustHaveEnded(Throwable defect) {
        if (result == null) {
            // Nobody can be told how it ended; nobody shall wait for it either.
            owner.lost(id());
            ended.countDown();
            owner.left(id());
            report(defect);
        }
    }

    private static void report(Throwable defect) {
        Thread current = Thread.currentThread();
        current.getUncaughtExceptionHandler().uncaughtException(current, defect);
    }

    private void show(ExecutionStatus next) {
        if (next.isTerminal()) {
            return;
        }
        if (next != ExecutionStatus.RUNNING || status != ExecutionStatus.QUEUED) {
            events.statusChanged(next);
        }
        status = next;
    }

    private void finish(ExecutionMachine machine) {
        commands.ended();
        scope.reports().close();
        Instant now = events.now();
        RunSnapshot.Moment moment = new RunSnapshot.Moment(
                machine.status(), machine.nodes(), scope.startLog().nodes());
        // What bodies that are still out write must not show in the end.
        NodeTimes times = machine.isIdle() ? scope.times() : copyOfTimes();
        RunSnapshot last = new RunSnapshot(scope, plan, moment, times, now);
        RunResult end = new RunResult(last, RunEnd.failure(scope, machine, last));
        CompletableFuture<ExecutionResult> waiting = publish(end);
        try {
            events.executionFinished(machine.status(), now);
            owner.ended(end);
            plan.durations().add(last);
            if (!machine.isIdle()) {
                commands.abandonBodies();
            }
        } catch (RuntimeException | Error defect) {
            // It has ended all the same, and whoever waits for that is told.
            report(defect);
        } finally {
            // Whoever has waited finds everything told, or counted as waiting or dropped.
            publish();
            ended.countDown();
            owner.left(id());
            if (waiting != null) {
                complete(waiting, end);
            }
        }
    }

    private void complete(CompletableFuture<ExecutionResult> waiting, RunResult end) {
        try {
            services.delivery().execute(() -> waiting.complete(end));
        } catch (RuntimeException | Error unavailable) {
            // No thread could be had: better held up by what the host attached than not told.
            waiting.complete(end);
        }
    }

    /** Makes the end visible and returns the completion somebody has asked for before, if anybody has. */
    private synchronized @Nullable CompletableFuture<ExecutionResult> publish(RunResult end) {
        result = end;
        status = end.status();
        return completion;
    }

    private @Nullable NodeTimes copyOfTimes() {
        NodeTimes times = scope.times();
        return times == null ? null : times.copy();
    }

    /** The time now; where the host's clock fails, when the execution was admitted. */
    private Instant takenAt() {
        try {
            return services.time().instant();
        } catch (RuntimeException broken) {
            return scope.startedAt();
        }
    }

    private RunSnapshot.Moment moment(ExecutionMachine machine) {
        NodeTable nodes = machine.nodes().copy();
        // The machine may have ended the execution a moment before that is shown, with its time and its result.
        ExecutionStatus shown = machine.status().isTerminal() ? status : machine.status();
        return new RunSnapshot.Moment(shown, nodes, scope.startLog().nodes());
    }

    private RunResult end() {
        RunResult end = result;
        if (end == null) {
            throw new IllegalStateException("execution " + id() + " has ended without a result");
        }
        return end;
    }

    /** Shows what changed. */
    private final class Changes implements Effects.ChangeObserver {
        private final ExecutionMachine machine;

        Changes(ExecutionMachine machine) {
            this.machine = machine;
        }

        @Override
        public void entered(ExecutionStatus next) {
            show(next);
        }

        @Override
        public void changed(int node, NodeStatus next) {
            events.nodeChanged(machine.nodes(), node, next);
        }

        @Override
        public void reported(int node) {
            events.reported(node);
        }

        @Override
        public void near(int node, Duration limit) {
            events.timeoutNear(node, limit);
        }

        @Override
        public void stuck(List<String> openNodes) {
            events.stuck(stuckSince, openNodes);
        }

        @Override
        public void intervened(int node, Intervention action, String reason) {
            events.intervened(node, action, reason);
        }
    }
}
