package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.NodeControl;
import dev.flowengine.execution.Progress;
import dev.flowengine.internal.attempt.Ancestry;
import dev.flowengine.internal.attempt.Attempt;
import dev.flowengine.internal.attempt.NodeTimes;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.journal.Journal;
import dev.flowengine.internal.journal.SpentTime;
import dev.flowengine.internal.journal.VolatileJournal;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.internal.machine.RestoredState;
import dev.flowengine.internal.machine.Signal;
import dev.flowengine.internal.scheduling.LoopOwner;
import dev.flowengine.internal.scheduling.RunLoop;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One execution: carries out what its machine decides, and shows it to the host. */
final class FlowRun implements PausedFor, LoopOwner {
    private final EngineServices services;
    private final RunPlan plan;
    private final RunScope scope;
    private final RunCommands commands;
    private final RunEvents events;
    private final RunLoop loop;
    private final RunOwner owner;
    private final RunChanges changes;
    private final Journal journal;
    private final RunOutcome outcome;
    private final RunControl control;
    private volatile ExecutionStatus status = ExecutionStatus.QUEUED;
    private volatile Instant stuckSince = Instant.EPOCH;
    private boolean begun;
    private @Nullable RestoredState left;
    private SpentTime spent = SpentTime.NONE;

    FlowRun(EngineServices services, RunParts parts, RunOwner owner, Function<FlowRun, Journal> journal) {
        this.services = services;
        this.plan = parts.plan();
        this.scope = parts.scope();
        ExecutionMachine machine = parts.machine();
        this.outcome = new RunOutcome(scope.executionId(), services.delivery());
        this.events = new RunEvents(scope, services.events(), services.time());
        this.loop = new RunLoop(services.workers(), scope.layout(), machine, this);
        this.owner = owner;
        this.control = new RunControl(this);
        this.journal = journal.apply(this);
        this.commands = new RunCommands(services, loop, events, this);
        this.changes = new RunChanges(machine, events, this::show, () -> stuckSince);
    }

    void start() {
        tell(ExecutionMachine::start);
    }

    /** Takes up where the execution was left. */
    void restore(RestoredState state, SpentTime time) {
        begun = true;
        events.restored(state.nodes());
        status = state.status();
        left = state;
        spent = time;
    }

    /** So many events had been told when the execution was let go of, and so much time of its timeouts was over. */
    void toldBefore(long told, SpentTime then) {
        events.toldBefore(told);
        commands.toldBefore(then);
    }

    /** Goes on. */
    void goOn() {
        RestoredState state = Objects.requireNonNull(left);
        left = null;
        commands.restored(spent, state.status() == ExecutionStatus.PAUSING || state.status() == ExecutionStatus.PAUSED);
        tell(machine -> {
            machine.restore(state);
            // Only now: a time that is over already must not come before what there is to end.
            commands.admitted();
        });
    }

    /** The execution is not this engine's any more: what its bodies still do does not count. */
    void dropped() {
        commands.ended();
        commands.leaveChildren();
        commands.abandonBodies();
        commands.stopBodies();
    }

    /**
     * Prepares to let go of the execution, if it does nothing but wait, and for so long at least.
     *
     * @param letGo is told when the next thing happens by itself; null if nothing does
     */
    void offload(Duration atLeast, Consumer<@Nullable Instant> letGo) {
        tell(machine -> {
            if (commands.mayBeOffloaded(machine)) {
                Instant next = commands.nextWake(machine);
                if (next == null || next.isAfter(services.time().instant().plus(atLeast))) {
                    letGo.accept(next);
                }
            }
        });
    }

    /** How many events have been told of it. */
    long told() {
        return events.told();
    }

    /** The execution waits, and is nobody's: nothing happens to it here any more. */
    void offloaded() {
        commands.ended();
        left();
    }

    /** Nothing here needs to know of the execution but handles, which ask elsewhere. */
    void left() {
        control.leave();
        owner.left(this);
    }

    /** Lets nothing start any more, so that another engine can go on; what runs may end. */
    void release() {
        commands.onLeave(this::leave);
        tell(ExecutionMachine::release);
        commands.close();
    }

    /** Everything that happened here is written, and nothing more will happen. */
    private void leave() {
        commands.ended();
        commands.leaveChildren();
        owner.lost(id());
        goneBecause(EngineKernel.closed(
                "the engine was closed, and leaves execution " + id() + " to the next one that knows its flow"));
    }

    /** This engine does not go on with the execution, nor follow it. */
    void goneBecause(FlowException why) {
        outcome.goneBecause(why);
        owner.left(id());
    }

    Journal journal() {
        return journal;
    }

    RunOutcome outcome() {
        return outcome;
    }

    RunOwner owner() {
        return owner;
    }

    /** What is asked of the execution. */
    RunControl control() {
        return control;
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
        RunResult end = outcome.result();
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
                        Optional.ofNullable(scope.redriveOf()),
                        Optional.ofNullable(scope.ancestry()).map(Ancestry::executionId))
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
        return outcome.await(nanos);
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
        RunResult end = outcome.result();
        if (end != null) {
            return end.last();
        }
        RunSnapshot.Moment moment = loop.read(this::moment);
        RunResult meanwhile = outcome.result();
        return meanwhile == null ? new RunSnapshot(scope, plan, moment, copyOfTimes(), takenAt()) : meanwhile.last();
    }

    @Override
    public Progress progress() {
        RunResult end = outcome.result();
        if (end != null) {
            return RunProgress.complete(
                    scope.layout().size() - scope.layout().loops().bodyNodes());
        }
        // The count before the statuses: what settles between them can only shorten the rest.
        int settled = loop.read(journal::settledNodes);
        return new RunProgress(scope, plan, status, scope.times(), takenAt())
                .with(settled, () -> loop.read(machine -> journal.nodes(machine).statuses()));
    }

    @Override
    public ExecutionStatus pause(String why) {
        return control.pause(why);
    }

    @Override
    public ExecutionStatus resume(String why) {
        return control.resume(why);
    }

    @Override
    public ExecutionStatus cancel(String reason) {
        return control.cancel(reason);
    }

    @Override
    public ExecutionStatus signal(String name, @Nullable Object payload, String signalId) {
        return control.signal(name, payload, signalId);
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
        return outcome.awaitResult();
    }

    @Override
    public Optional<ExecutionResult> await(Duration timeout) throws InterruptedException {
        return outcome.awaitResult(timeout);
    }

    @Override
    public CompletionStage<ExecutionResult> completion() {
        return outcome.completion();
    }

    @Override
    public boolean announcesStarts() {
        // Of an execution that is kept, a start is told when its body begins: what is announced has to be written
        // first.
        return events.isObserved() && journal instanceof VolatileJournal;
    }

    @Override
    public void announced(int node) {
        events.beganWithWhatWasTold(node);
    }

    @Override
    public boolean mayRunAhead(ExecutionMachine machine) {
        return journal.mayRunAhead(machine);
    }

    @Override
    public boolean commit(ExecutionMachine machine, Runnable then, boolean mayWait) {
        return journal.commit(machine, then, mayWait);
    }

    @Override
    public void committed(ExecutionMachine machine) {
        journal.committed(machine);
    }

    @Override
    public @Nullable Signal runBody(int node, boolean announced) {
        Attempt attempt = new Attempt(commands.host(), node, 1, 1);
        if (!announced) {
            commands.host().started(attempt);
        }
        return attempt.call(announced) ? attempt : null;
    }

    @Override
    public void startBody(int node) {
        commands.start(node, scope.nodes().ticket(node), scope.nodes().startingAttempt(node));
    }

    @Override
    public void changed(ExecutionMachine machine) {
        if (outcome.isKnown()) {
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
        commands.shown();
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
        if (!outcome.isKnown()) {
            // Nobody can be told how it ended; nobody shall wait for it either.
            owner.broken(id(), defect);
            outcome.letGo();
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
        commands.letChildrenGo(machine.status());
        scope.reports().close();
        Instant now = events.now();
        RunSnapshot.Moment moment = new RunSnapshot.Moment(
                machine.status(), machine.nodes(), scope.startLog().nodes(), machine.compensations());
        // What bodies that are still out write must not show in the end.
        NodeTimes times = machine.isIdle() ? scope.times() : copyOfTimes();
        RunSnapshot last = new RunSnapshot(scope, plan, moment, times, now);
        RunResult end = new RunResult(last, RunEnd.failure(scope, machine, last));
        outcome.known(end);
        status = end.status();
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
            outcome.letGo();
            owner.told(end);
            owner.left(id());
        }
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
        NodeTable nodes = journal.nodes(machine).copy();
        ExecutionStatus decided = journal.status(machine);
        // The machine may have ended the execution a moment before that is shown, with its time and its result.
        ExecutionStatus shown = decided.isTerminal() ? status : decided;
        // What needs no body has started when it is decided, which may not have been written yet.
        int[] path = Arrays.stream(scope.startLog().nodes())
                .filter(node ->
                        nodes.status(node) != NodeStatus.IDLE || scope.layout().isInBody(node))
                .toArray();
        return new RunSnapshot.Moment(shown, nodes, path, journal.compensations(machine));
    }
}
