package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.internal.attempt.Failures;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.journal.VolatileJournal;
import dev.flowengine.internal.machine.ChildCall;
import dev.flowengine.internal.machine.ChildEnd;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.StoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The executions that nodes of one execution have started and wait for. What is asked of them is done in the order in which it
 * was asked, aside and one thing after the other: it may have to wait for the store, and there may be thousands. Thread-safe.
 */
final class RunChildren {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final EngineServices services;
    private final FlowRun run;
    private final RunOwner owner;
    /** Those that nodes wait for, by node. */
    private final Map<Integer, Child> children = new LinkedHashMap<>();

    private final List<Child> heldBack = new ArrayList<>();
    private final Deque<Runnable> work = new ArrayDeque<>();
    private boolean busy;
    private boolean held;

    RunChildren(EngineServices services, FlowRun run, RunOwner owner, boolean held) {
        this.services = services;
        this.run = run;
        this.owner = owner;
        this.held = held;
    }

    static String parentEnds(ExecutionStatus status) {
        return "the execution that waited for it is " + status;
    }

    /** A node has begun to wait for an execution that is to be started; told while nothing else happens to the node. */
    void start(int node, int ticket, ChildCall call) {
        RunScope scope = run.scope();
        boolean takesInput = !scope.layout().definition(node).shape().inputs().isEmpty();
        ChildRequest request = new ChildRequest(
                scope,
                scope.layout().definition(node),
                scope.iteration(node),
                scope.nodes().attempt(node),
                call,
                takesInput ? scope.reader().value(node, 0) : null);
        Child child = new Child(node, ticket, request);
        boolean begins;
        synchronized (this) {
            children.put(node, child);
            begins = !held;
            if (held) {
                heldBack.add(child);
            }
        }
        if (begins) {
            aside(() -> begin(child));
        }
        if (call.again()) {
            aside(() -> control(child, execution -> pauses().catchUp(execution, run.id(), isHeld())));
        }
    }

    /** A node does not wait any more. */
    void letGo(int node, String why) {
        Child child;
        synchronized (this) {
            child = children.remove(node);
        }
        if (child != null) {
            aside(() -> cancel(child, why));
        }
    }

    /** Nobody waits for any of them any more. */
    void letAllGo(String why) {
        waited().forEach(child -> letGo(child.node, why));
    }

    /** Does something once everything is done that was asked of them. */
    void afterAll(Runnable then) {
        aside(then);
    }

    /** They are to end, which their nodes wait for. */
    void stop(String why) {
        List<Child> unstarted;
        synchronized (this) {
            held = false;
            children.values().forEach(child -> child.stopped = why);
            unstarted = List.copyOf(heldBack);
            heldBack.clear();
        }
        unstarted.forEach(child -> aside(() -> begin(child)));
        waited().forEach(child -> aside(() -> cancel(child, why)));
    }

    /** The execution goes on elsewhere, and so do they. */
    synchronized void forget() {
        children.clear();
        heldBack.clear();
    }

    void hold() {
        synchronized (this) {
            held = true;
        }
        waited().forEach(child -> aside(() -> control(child, execution -> pauses().pause(execution, run.id()))));
    }

    void release() {
        List<Child> unstarted;
        synchronized (this) {
            held = false;
            unstarted = List.copyOf(heldBack);
            heldBack.clear();
        }
        waited().forEach(child -> aside(() -> control(child, execution -> pauses().resume(execution, run.id()))));
        unstarted.forEach(child -> aside(() -> begin(child)));
    }

    private synchronized List<Child> waited() {
        return List.copyOf(children.values());
    }

    private synchronized boolean isHeld() {
        return held;
    }

    private synchronized boolean isWaitedFor(Child child) {
        return children.get(child.node) == child;
    }

    /** Whoever removes a child tells what it came to. */
    private synchronized boolean take(Child child) {
        return children.remove(child.node, child);
    }

    private ChildPauses pauses() {
        return owner.subflows().pauses();
    }

    private void begin(Child child) {
        if (!isWaitedFor(child)) {
            return;
        }
        String stopped = child.stopped;
        StartedChild started;
        try {
            if (stopped != null && owner.subflows().find(child.id()).isEmpty()) {
                failed(child, cancelled(stopped), false);
                return;
            }
            started = owner.subflows().start(child.request, () -> isWaitedFor(child));
        } catch (StoreException away) {
            if (away.isTransient()) {
                throw away;
            }
            failed(child, away, false);
            return;
        } catch (RuntimeException | Error refused) {
            ended(child, null, refused, false);
            return;
        }
        if (child.request.call().awaited()) {
            started.execution().completion().whenComplete((end, gone) -> ended(child, end, gone, true));
        } else {
            started.admitted().whenComplete((any, refused) -> admitted(child, refused));
        }
    }

    private void admitted(Child child, @Nullable Throwable refused) {
        if (refused == null) {
            completed(child, child.fired(child.id()));
        } else {
            ended(child, null, refused, true);
        }
    }

    private void ended(Child child, @Nullable ExecutionResult end, @Nullable Throwable gone, boolean mayRetry) {
        try {
            cameTo(child, end, gone, mayRetry);
        } catch (RuntimeException | Error broken) {
            // Or the node would wait for ever.
            failed(child, broken, false);
        }
    }

    private void cameTo(Child child, @Nullable ExecutionResult end, @Nullable Throwable gone, boolean mayRetry) {
        Throwable why =
                gone instanceof CompletionException wrapper && wrapper.getCause() != null ? wrapper.getCause() : gone;
        if (end != null && end.status() == ExecutionStatus.COMPLETED) {
            completed(child, returned(child, (RunResult) end));
            return;
        }
        Throwable failure = why == null && end != null ? failureOf(child, end) : why;
        if (failure instanceof FlowException closed && closed.kind() == FailureKind.ENGINE_CLOSED) {
            left(child, closed);
        } else if (failure != null) {
            failed(child, failure, mayRetry);
        }
    }

    private static PortValues returned(Child child, RunResult end) {
        SubflowBody.Returned returned = child.request.body().returned().orElse(null);
        if (returned == null) {
            return child.fired(child.id());
        }
        int node = end.last().layout().numberOf(returned.nodeId());
        boolean ran = node >= 0 && node < end.last().layout().size();
        if (ran && end.last().isReleased(node)) {
            throw FlowException.of(
                            FailureKind.NOT_FOUND,
                            "sub-flow '" + end.last().flowId() + "' has let go of the output of '" + returned.nodeId()
                                    + "' that is to be returned, as it says releaseOutputs()")
                    .affectedNodes(List.of(returned.nodeId()))
                    .suggestedResolution("Mark that node keep().")
                    .build();
        }
        Map<String, @Nullable Object> fired =
                ran ? end.last().outputs(node).asMap() : PortValues.none().asMap();
        return fired.containsKey(returned.port()) ? child.fired(fired.get(returned.port())) : PortValues.none();
    }

    private void completed(Child child, PortValues fired) {
        Runnable keep;
        try {
            requireType(child, fired);
            keep = run.journal().encode(child.node, fired, true, false);
        } catch (FlowException unkept) {
            failed(child, unkept, false);
            return;
        }
        tell(child, ChildEnd.of(fired, keep == null ? () -> {} : keep));
    }

    private static void requireType(Child child, PortValues fired) {
        fired.asMap().forEach((port, value) -> {
            TypeRef<?> type = child.request.node().outputType(port).orElse(null);
            if (type != null && !type.accepts(value)) {
                throw Failures.wrongType(child.nodeId(), type, value);
            }
        });
    }

    private void failed(Child child, Throwable why, boolean mayRetry) {
        FailureKind kind = why instanceof FlowException known ? known.kind() : FailureKind.NODE_EXECUTION_FAILED;
        Duration retryIn = mayRetry ? delayBeforeRetry(child, why) : null;
        NodeFailure failure = Failures.of(why, kind, child.nodeId(), child.attempt());
        tell(child, ChildEnd.of(failure, retryIn));
    }

    private @Nullable Duration delayBeforeRetry(Child child, Throwable failure) {
        RetryPolicy retry = run.scope().layout().policy(child.node).retry();
        try {
            return retry.allows(child.attempt(), failure)
                    ? retry.delayAfter(
                            child.attempt(), ThreadLocalRandom.current().nextDouble())
                    : null;
        } catch (RuntimeException | Error broken) {
            // The failure of the child is what counts; what decides about another one must not hide it.
            if (broken != failure) {
                failure.addSuppressed(broken);
            }
            return null;
        }
    }

    private void tell(Child child, ChildEnd end) {
        if (take(child)) {
            run.tell(machine -> machine.waits().childEnded(child.node, child.ticket, end));
        }
    }

    /** The engine closes. What lives in memory is over then, and its parent with it; the rest is found again elsewhere. */
    private void left(Child child, FlowException closed) {
        boolean over = run.journal() instanceof VolatileJournal;
        if (take(child)) {
            run.tell(machine -> {
                if (over) {
                    machine.halt(closed);
                }
                machine.waits().childLeft(child.node, child.ticket);
            });
        }
    }

    private void cancel(Child child, String why) {
        control(child, execution -> execution.cancel(why));
    }

    private void control(Child child, Consumer<FlowExecution> action) {
        if (child.request.call().awaited()) {
            owner.subflows().find(child.id()).ifPresent(action);
        }
    }

    private void aside(Runnable task) {
        synchronized (this) {
            work.add(task);
            if (busy) {
                return;
            }
            busy = true;
        }
        workAside();
    }

    private void workAside() {
        try {
            run.runAside(this::work);
        } catch (RuntimeException | Error noThread) {
            // Better held up for a while than not done.
            work();
        }
    }

    private void work() {
        while (true) {
            Runnable task;
            synchronized (this) {
                task = work.peek();
                if (task == null) {
                    busy = false;
                    return;
                }
            }
            try {
                task.run();
            } catch (StoreException away) {
                if (away.isTransient()) {
                    tryAgain();
                    return;
                }
            } catch (FlowException refused) {
                // It has ended meanwhile, or is gone.
            } catch (RuntimeException | Error defect) {
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, defect);
            }
            synchronized (this) {
                work.remove();
            }
        }
    }

    private void tryAgain() {
        try {
            services.timer().schedule(TRY_AGAIN, this::workAside);
        } catch (RuntimeException | Error refused) {
            synchronized (this) {
                // What is asked next, such as the end of them all, begins with what could not be done.
                busy = false;
            }
            FlowException why = FlowException.of(
                            FailureKind.INVALID_FLOW_STATE,
                            "the store could not be reached, and a timer could not be set to try again: " + refused)
                    .cause(refused)
                    .suggestedResolution("Look at the timer given to the engine's builder.")
                    .build();
            run.tell(machine -> machine.abort(why));
        }
    }

    private static FlowException failureOf(Child child, ExecutionResult end) {
        FlowException failure = end.failure().orElse(null);
        FailureKind kind = failure == null ? FailureKind.NODE_EXECUTION_FAILED : failure.kind();
        String detail = failure == null ? "" : ": " + failure.getMessage();
        FlowException.Builder ended = FlowException.of(
                        kind,
                        "flow '" + child.request.body().flowId() + "', which node '" + child.nodeId()
                                + "' has started as execution " + child.id() + ", ended " + end.status() + detail)
                .cause(failure)
                .affectedNodes(List.of(child.nodeId()))
                .suggestedResolution("Look for the cause in execution " + child.id() + ".");
        return (failure != null && failure.isPermanent() ? ended.permanent() : ended).build();
    }

    private static FlowException cancelled(String why) {
        return FlowException.of(FailureKind.CANCELLED, "it was not started: " + why)
                .suggestedResolution("Redrive the execution if it was cancelled by mistake.")
                .build();
    }

    /** An execution that a node waits for. */
    private static final class Child {
        private final int node;
        private final int ticket;
        private final ChildRequest request;
        /** Why it is to end; null if it is not. */
        private volatile @Nullable String stopped;

        Child(int node, int ticket, ChildRequest request) {
            this.node = node;
            this.ticket = ticket;
            this.request = request;
        }

        String id() {
            return request.call().executionId();
        }

        int attempt() {
            return request.attempt();
        }

        String nodeId() {
            return request.node().id();
        }

        /** What the node fires when its child came to a value. */
        PortValues fired(@Nullable Object value) {
            List<String> ports = request.node().shape().outputs();
            return ports.isEmpty() ? PortValues.none() : PortValues.of(ports.get(0), value);
        }
    }
}
