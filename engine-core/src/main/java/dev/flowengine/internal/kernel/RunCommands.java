package dev.flowengine.internal.kernel;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.Timeouts;
import dev.flowengine.internal.attempt.Attempt;
import dev.flowengine.internal.attempt.NodeTimes;
import dev.flowengine.internal.attempt.Recovery;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.journal.SpentTime;
import dev.flowengine.internal.machine.ChildCall;
import dev.flowengine.internal.machine.CommandExecutor;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.ItemSource;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.machine.Suspension;
import dev.flowengine.internal.scheduling.RunLoop;
import dev.flowengine.internal.scheduling.RunTimers;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.Iteration;
import dev.flowengine.node.NodeBody;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.node.WaitingBody;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what the machine of an execution commands, and keeps its time: backoffs, timeouts, and the grace of a
 * cancel. What happens later comes back to the machine as a signal.
 */
final class RunCommands implements CommandExecutor {
    private static final double NEAR = 0.8;

    private final EngineServices services;
    private final RunLoop loop;
    private final FlowRun run;
    private final RunHost host;
    private final RunScope scope;
    private final RunEvents events;
    private final LiveAttempts attempts;
    private final Map<Integer, Recovery> recoveries = new ConcurrentHashMap<>();
    private final RunTimers timers;
    private final RunAlarms alarms;
    private final OpenSources sources;
    private final @Nullable RunCompensations compensations;
    private final AtomicReference<Gate> gate = new AtomicReference<>(Gate.OPEN);
    private volatile SpentTime spent = SpentTime.NONE;
    private volatile Runnable onLeave = () -> {};
    /** Only an execution that has started others has them. */
    private volatile @Nullable RunChildren children;

    private volatile SpentTime spentWhenTold = SpentTime.NONE;
    /** Time was added by hand, which is not kept. */
    private volatile boolean extended;

    private volatile boolean cancelled;
    private volatile boolean interrupting;

    RunCommands(EngineServices services, RunLoop loop, RunEvents events, FlowRun run) {
        this.services = services;
        this.events = events;
        this.loop = loop;
        this.run = run;
        this.scope = run.scope();
        this.host = new RunHost(services, scope, loop, this, run.journal());
        this.attempts = new LiveAttempts(scope.layout());
        this.timers = new RunTimers(services.timer(), services.time());
        this.alarms = new RunAlarms(services.time(), timers, this::tell);
        this.sources = new OpenSources(services, scope);
        this.compensations = scope.layout().compensations() == null
                ? null
                : new RunCompensations(this, scope, services.bodyThreads(), loop, timers);
    }

    /** What attempts see of the execution. */
    RunHost host() {
        return host;
    }

    boolean mayStart() {
        return gate.get() == Gate.OPEN;
    }

    boolean isCancelled() {
        return cancelled;
    }

    boolean isInterrupting() {
        return interrupting;
    }

    /** Takes up the time of an execution that was left, which may stand still. */
    void restored(SpentTime before, boolean standsStill) {
        spent = before;
        if (standsStill) {
            hold();
        }
    }

    /** What was near when so much of timeouts was over has been told. */
    void toldBefore(SpentTime then) {
        spentWhenTold = then;
    }

    /** Starts the time of the execution as a whole. */
    void admitted() {
        Timeouts timeouts = scope.index().timeouts();
        scope.options()
                .timeout()
                .or(timeouts::execution)
                .ifPresent(limit -> arm(
                        Due.EXECUTION,
                        RunTimers.Granted.rest(limit, spent.run()),
                        true,
                        all -> expire("it took longer than " + all)));
        scope.options()
                .deadline()
                .ifPresent(deadline -> alarms.awaitDeadline(
                        Due.DEADLINE, deadline, () -> expire("its deadline " + deadline + " has come")));
    }

    void start(int node, int ticket, int number) {
        Attempt attempt = new Attempt(host, node, ticket, number);
        attempts.add(attempt);
        services.bodyThreads().start(attempt);
    }

    void attemptStarted(Attempt attempt) {
        Duration limit = scope.layout().policy(attempt.node()).attemptTimeout();
        if (limit != null) {
            arm(attempt, limit, false, attempt::timeOut);
            armNear(attempt, new RunTimers.Granted(limit, limit));
        }
    }

    void attemptEnded(Attempt attempt) {
        if (scope.layout().policy(attempt.node()).attemptTimeout() != null) {
            timers.disarm(attempt);
            timers.disarm(new Near(attempt));
        }
    }

    boolean extend(int node, Duration more) {
        boolean[] extended = {extend(new NodeLimit(node), more)};
        attempts.with(node, attempt -> extended[0] |= extend(attempt, more));
        return extended[0];
    }

    private boolean extend(Object limit, Duration more) {
        RunTimers.Granted granted = timers.extend(limit, more);
        if (granted == null) {
            return false;
        }
        extended = true;
        armNear(limit, granted);
        return true;
    }

    /** Whether nothing is left but to wait, and another engine could do that as well. */
    boolean mayBeOffloaded(ExecutionMachine machine) {
        return machine.isResting() && gate.get() == Gate.OPEN && !extended && !sources.areOpen();
    }

    /** When something happens by itself; null if nothing does. */
    @Nullable
    Instant nextWake(ExecutionMachine machine) {
        return alarms.next(Stream.of(
                        Optional.ofNullable(machine.waits().nextInstant()),
                        scope.options().deadline())
                .flatMap(Optional::stream));
    }

    /** From now on nothing starts: the engine closes. */
    void close() {
        gate.set(Gate.CLOSED);
        attempts.forEach(Attempt::withdraw);
        if (compensations != null) {
            compensations.close();
        }
    }

    /** Has something done once the execution can be left. */
    void onLeave(Runnable work) {
        onLeave = work;
    }

    /** Asks every body to stop, and interrupts those that can be. */
    void stopBodies() {
        cancelled = true;
        interrupting = true;
        attempts.forEach(Attempt::interrupt);
        recoveries.values().forEach(Recovery::interrupt);
    }

    /** The execution has ended: nothing happens to it any more. */
    void ended() {
        gate.set(Gate.CLOSED);
        timers.close();
        sources.closeAll();
        if (compensations != null) {
            compensations.abandon();
        }
    }

    /** Nobody waits any more for the executions that were started. */
    void letChildrenGo(ExecutionStatus end) {
        RunChildren started = children;
        if (started != null) {
            started.letAllGo(RunChildren.parentEnds(end));
        }
    }

    /** The execution goes on elsewhere, where those are found again that were started. */
    void leaveChildren() {
        RunChildren started = children;
        if (started != null) {
            started.forget();
        }
    }

    /** Gives up the bodies that still run. */
    void abandonBodies() {
        cancelled = true;
        services.delivery().execute(() -> {
            attempts.forEach(Attempt::abandon);
            recoveries.values().forEach(Recovery::abandon);
        });
    }

    @Override
    public void backOff(int node, int ticket, Duration delay) {
        arm(new BackOff(node), delay, true, all -> tell(machine -> machine.due(node, ticket)));
    }

    @Override
    public void await(int node, int ticket, Suspension suspension) {
        Duration delay = suspension.delay();
        ChildCall child = suspension.child();
        if (child != null) {
            children().start(node, ticket, child);
        } else if (delay != null) {
            arm(
                    new BackOff(node),
                    delay,
                    true,
                    all -> tell(machine -> machine.waits().woke(node, ticket)));
        } else if (suspension.until() != null) {
            alarms.awaitInstant(new BackOff(node), node, ticket, suspension.until());
        }
    }

    @Override
    public void wake(int node) {
        timers.disarm(new BackOff(node));
        NodeTimes times = scope.times();
        NodeBody body = scope.layout().definition(node).body().orElse(null);
        if (times != null && (body instanceof WaitingBody || body instanceof SubflowBody)) {
            times.giveUp(node);
        }
        letChildGo(node);
    }

    private void letChildGo(int node) {
        RunChildren started = children;
        if (started != null) {
            started.letGo(node, "node '" + scope.nodeId(node) + "' of the execution that started it waits no more");
        }
    }

    /** Does something where it may wait for the store. */
    void aside(Runnable work) {
        run.runAside(work);
    }

    private RunChildren children() {
        RunChildren started = children;
        if (started == null) {
            started = new RunChildren(services, run, run.owner(), gate.get() == Gate.HELD);
            children = started;
        }
        return started;
    }

    @Override
    public void limit(int node) {
        Duration limit = scope.layout().policy(node).nodeTimeout();
        if (limit != null) {
            Iteration iteration = scope.iteration(node);
            RunTimers.Granted time = RunTimers.Granted.rest(limit, spent.of(node, iteration));
            NodeLimit key = new NodeLimit(node);
            arm(key, time, true, all -> tell(machine -> key.expire(machine, scope, iteration, all)));
            boolean told = TimeUnit.NANOSECONDS.convert(spentWhenTold.of(node, iteration))
                    >= NEAR * TimeUnit.NANOSECONDS.convert(limit);
            if (!told) {
                armNear(key, time);
            }
        }
    }

    @Override
    public void disarm(int node) {
        timers.disarm(new NodeLimit(node));
        timers.disarm(new Near(new NodeLimit(node)));
    }

    @Override
    public void recover(int node, int ticket, NodeFailure failure) {
        if (scope.layout().policy(node).errorHandling() instanceof ErrorHandling.Recover handling) {
            Recovery recovery = new Recovery(host, node, ticket, handling, failure);
            recoveries.put(node, recovery);
            services.bodyThreads().start(recovery);
        }
    }

    @Override
    public void abandon(int node) {
        NodeTimes times = scope.times();
        if (times != null) {
            times.giveUp(node);
        }
        letChildGo(node);
        // At once: what its body asks for from now on may be another iteration's.
        attempts.with(node, Attempt::abandonAside);
        Recovery recovery = recoveries.get(node);
        if (recovery != null) {
            recovery.abandon();
        }
    }

    @Override
    public void closeItems(ItemSource items) {
        sources.close(items);
    }

    @Override
    public void hold() {
        // Unless the engine has begun to close meanwhile.
        gate.compareAndSet(Gate.OPEN, Gate.HELD);
        timers.hold();
        RunChildren started = children;
        if (started != null) {
            started.hold();
        }
        // Those that wait for a thread wait for the resume instead: what holds the threads may be others' bodies.
        attempts.forEach(Attempt::withdraw);
    }

    @Override
    public void release() {
        timers.release();
        gate.compareAndSet(Gate.HELD, Gate.OPEN);
        RunChildren started = children;
        if (started != null) {
            started.release();
        }
    }

    @Override
    public void leave() {
        sources.closeAll();
        onLeave.run();
    }

    @Override
    public void stop() {
        gate.set(Gate.CLOSED);
        cancelled = true;
        timers.clear();
        timers.release();
        RunChildren started = children;
        if (started != null) {
            started.stop(RunChildren.parentEnds(ExecutionStatus.CANCELLING));
        }
        attempts.forEach(Attempt::withdraw);
        arm(
                Due.INTERRUPT,
                services.interruptAfter(),
                false,
                all -> services.delivery().execute(this::stopBodies));
        arm(Due.GRACE, services.cancelGrace(), false, all -> tell(ExecutionMachine::terminate));
    }

    @Override
    public void beginCompensations() {
        gate.set(Gate.CLOSED);
        timers.clear();
        timers.release();
        abandonBodies();
        // Of a timeout they have not been told: nothing waits for them any more.
        letChildrenGo(ExecutionStatus.COMPENSATING);
        if (compensations != null) {
            beginAfterChildren(compensations);
        }
    }

    private void beginAfterChildren(RunCompensations compensating) {
        if (Subflows.waitsIn(scope.flow())) {
            compensating.beginAfter(waiting -> children().afterAll(new ChildrenFirst(run, waiting)::begin));
        } else {
            compensating.begin();
        }
    }

    /** How long what is cancelled may take. */
    Duration grace() {
        return services.cancelGrace();
    }

    @Override
    public void compensate(int node, int ticket, int attempt, Duration delay) {
        if (compensations != null) {
            compensations.start(node, ticket, attempt, delay);
        }
    }

    /** Everything that was decided is shown. */
    void shown() {
        if (compensations != null) {
            compensations.shown();
        }
    }

    /** Has it told when most of a time is over, which may be the case again after it was extended. */
    private void armNear(Object limit, RunTimers.Granted time) {
        if (!events.isObserved()) {
            return;
        }
        long total = TimeUnit.NANOSECONDS.convert(time.total());
        Duration most = time.left().minusNanos(total - (long) (NEAR * total));
        Duration delay = most.isNegative() ? Duration.ZERO : most;
        if (limit instanceof Attempt attempt) {
            arm(
                    new Near(limit),
                    delay,
                    false,
                    all -> tell(machine -> machine.timeoutNear(attempt.node(), attempt.ticket(), time.total())));
        } else if (limit instanceof NodeLimit whole) {
            int node = whole.node();
            arm(
                    new Near(limit),
                    delay,
                    true,
                    all -> tell(
                            machine -> machine.timeoutNear(node, machine.nodes().ticket(node), time.total())));
        }
    }

    void arm(Object key, Duration delay, boolean standsStill, Consumer<Duration> task) {
        arm(key, new RunTimers.Granted(delay, delay), standsStill, task);
    }

    private void arm(Object key, RunTimers.Granted time, boolean standsStill, Consumer<Duration> task) {
        alarms.arm(key, time, standsStill, task);
    }

    private void expire(String why) {
        FlowException cause = FlowException.of(FailureKind.EXECUTION_TIMEOUT, why)
                .suggestedResolution("Give it more time, or look for what holds it up with explain().")
                .build();
        tell(machine -> machine.expire(cause));
    }

    private void tell(Consumer<ExecutionMachine> signal) {
        loop.post(new Told(signal));
    }

    /** Whether attempts may start. */
    private enum Gate {
        OPEN,
        HELD,
        CLOSED
    }

    /** What can happen once to an execution. */
    private enum Due {
        EXECUTION,
        DEADLINE,
        INTERRUPT,
        GRACE
    }

    /** The wait of a node: for its next attempt, or another time. */
    private record BackOff(int node) {}

    /** The moment most of a timeout has gone by. */
    private record Near(Object limit) {}
}
