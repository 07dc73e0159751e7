package dev.flowengine.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.flow.FailureMode;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.TypeRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Drives a machine as an engine would, but in an order that dice decide. */
final class ControlWalk implements CommandExecutor {
    private static final int STEPS = 60;

    /** An attempt or a recovery that is out; an attempt begins when a thread takes it up. */
    private static final class Out {
        final int node;
        final int ticket;
        final boolean recovery;
        boolean begun;

        Out(int node, int ticket, boolean recovery) {
            this.node = node;
            this.ticket = ticket;
            this.recovery = recovery;
            this.begun = recovery;
        }
    }

    private final Machine driven;
    private final ExecutionMachine machine;
    private final Random random;
    private final List<Out> out = new ArrayList<>();
    private final List<Out> waits = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final Set<String> settled = new HashSet<>();
    private final Set<Integer> takenSignals = new HashSet<>();
    private int signals;
    private boolean stopping;
    private boolean closing;
    private boolean cancelled;
    private boolean timedOut;

    ControlWalk(Machine driven, Random random) {
        this.driven = driven;
        this.machine = driven.machine;
        this.random = random;
    }

    boolean ended() {
        return machine.status().isTerminal();
    }

    /** How far it came, or how it ended. */
    ExecutionStatus status() {
        return machine.status();
    }

    /** Random signals first, then whatever is left to be told. */
    void walk() {
        machine.start();
        for (int i = 0; i < STEPS; i++) {
            // Several signals may be told before what they decided is carried out.
            do {
                signal();
            } while (random.nextInt(3) == 0);
            carryOut();
        }
        for (int i = 0; i < 1_000 && !ended(); i++) {
            settle();
            carryOut();
        }
        // What stopped it may have been answered while it was carried out.
        carryOut();
        checkEnd();
    }

    @Override
    public String toString() {
        return machine.status() + " after " + log;
    }

    private void signal() {
        switch (random.nextInt(16)) {
            case 0 -> unlessEnding("pause", machine::pause);
            case 1, 2 -> unlessEnding("resume", machine::resume);
            case 3, 4 -> end();
            case 5 -> intervene();
            case 6 -> due();
            case 7 -> signalled();
            case 8, 9 -> begin();
            default -> answer();
        }
    }

    private void settle() {
        unlessEnding("resume", machine::resume);
        due();
        signalled();
        begin();
        answer();
    }

    /** Now and then the same signal twice, which counts once. */
    private void signalled() {
        int id = random.nextInt(4) == 0 ? signals : ++signals;
        tell(
                "signal " + id,
                () -> machine.waits().arrived(new ArrivedSignal("s" + id, "s", 1, taken -> {
                    assertThat(takenSignals.add(id))
                            .as("signal %d is taken once", id)
                            .isTrue();
                    assertThat(machine.nodes().suspension(taken))
                            .as("node %d waits", taken)
                            .isNotNull();
                    assertMayWake();
                })));
    }

    private void assertMayWake() {
        assertThat(machine.status())
                .as("status when a wait ends")
                .isIn(ExecutionStatus.RUNNING, ExecutionStatus.WAITING, ExecutionStatus.PAUSING);
    }

    /** A node begins to wait, for a time or for a signal. */
    private void suspend(int node, int ticket) {
        Suspension suspension = random.nextBoolean()
                ? new Suspension(Instant.EPOCH, Duration.ZERO, null)
                : new Suspension(null, null, AwaitedSignal.of("s", TypeRef.of(Integer.class)));
        tell("suspend " + node, () -> machine.waits().suspended(node, ticket, suspension));
        NodeStatus before = machine.nodes().status(node);
        assertThat(machine.waits().suspended(node, ticket + 1, suspension)).isFalse();
        assertThat(machine.nodes().status(node)).isEqualTo(before);
    }

    private void tell(String what, Runnable signal) {
        ExecutionStatus before = machine.status();
        log.add(what);
        signal.run();
        if (before.isTerminal()) {
            assertThat(machine.status()).as("terminal is absorbing").isEqualTo(before);
        }
    }

    /** A run that is being closed or stopped neither pauses nor goes on. */
    private void unlessEnding(String what, Runnable signal) {
        ExecutionStatus before = machine.status();
        boolean ending = closing || stopping;
        tell(what, signal);
        if (ending) {
            assertThat(machine.status()).as("status after %s", what).isEqualTo(before);
        }
    }

    /** Seldom, what brings the end of the run nearer. */
    private void end() {
        switch (random.nextInt(40)) {
            case 0, 1, 2 -> {
                cancelled |= !ended();
                tell("cancel", () -> machine.cancel(Machine.reason("cancelled")));
            }
            case 3, 4 -> {
                closing = true;
                tell("halt", () -> machine.halt(Machine.reason("closed")));
            }
            case 5 -> {
                timedOut |= !ended();
                tell("time out", () -> machine.expire(Machine.reason("timed out")));
            }
            case 6, 7, 8 -> {
                if (stopping) {
                    tell("terminate", machine::terminate);
                }
            }
            default -> {}
        }
    }

    private void intervene() {
        int node = random.nextInt(driven.layout().size());
        switch (random.nextInt(4)) {
            case 0 ->
                decide(
                        "skip",
                        node,
                        NodeStatus.SKIPPED,
                        () -> machine.interventions().skip(node, "dice"));
            case 1 ->
                decide(
                        "give",
                        node,
                        NodeStatus.COMPLETED,
                        () -> machine.interventions().complete(node, 1));
            case 2 ->
                decide(
                        "retry now",
                        node,
                        NodeStatus.WAITING,
                        () -> machine.interventions().retryNow(node));
            default ->
                tell("expire " + node, () -> {
                    if (driven.layout().policy(node).nodeTimeout() != null) {
                        machine.interventions().expired(node, failure(node));
                    }
                });
        }
    }

    /** What somebody has done to a node comes to pass at once, or changes nothing. */
    private void decide(String what, int node, NodeStatus next, BooleanSupplier signal) {
        NodeStatus before = machine.nodes().status(node);
        tell(
                what + " " + node,
                () -> assertThat(signal.getAsBoolean() ? next : before)
                        .as("status after %s %d", what, node)
                        .isEqualTo(machine.nodes().status(node)));
    }

    private void due() {
        if (!waits.isEmpty()) {
            Out wait = waits.remove(random.nextInt(waits.size()));
            boolean backsOff = machine.nodes().suspension(wait.node) == null;
            tell(
                    "due " + wait.node,
                    backsOff
                            ? () -> machine.due(wait.node, wait.ticket)
                            : () -> machine.waits().woke(wait.node, wait.ticket));
        }
    }

    /** A thread takes up an attempt: from the queue of the workers, or one that is out. */
    private void begin() {
        int polled = machine.startLog().queue().poll();
        if (polled != ReadyQueue.EMPTY) {
            Out attempt = new Out(polled, 1, false);
            out.add(attempt);
            mayBegin(attempt);
            return;
        }
        out.stream().filter(attempt -> !attempt.begun).findFirst().ifPresent(this::mayBegin);
    }

    private void mayBegin(Out attempt) {
        if (machine.nodes().isCurrent(attempt.node, attempt.ticket)) {
            assertMayStart(attempt.node);
            log.add("begin " + attempt.node);
            attempt.begun = true;
            machine.started(attempt.node, attempt.ticket);
        } else {
            out.remove(attempt);
        }
    }

    private void answer() {
        if (out.isEmpty()) {
            return;
        }
        Out told = out.get(random.nextInt(out.size()));
        int node = told.node;
        int ticket = told.ticket;
        if (!told.begun) {
            if (random.nextInt(8) == 0) {
                out.remove(told);
                tell("refuse " + node, () -> machine.refused(node, ticket, failure(node)));
            } else if (machine.status() != ExecutionStatus.RUNNING) {
                out.remove(told);
                tell("withdrawn " + node, () -> machine.withdrawn(node, ticket));
            }
            return;
        }
        out.remove(told);
        if (!told.recovery && random.nextInt(3) == 0) {
            suspend(node, ticket);
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> tell("fail " + node, () -> machine.failed(node, ticket, failure(node), null));
            case 1 -> {
                Duration delay = told.recovery || machine.nodes().attempt(node) > 3 ? null : Duration.ZERO;
                tell("retry " + node, () -> machine.failed(node, ticket, failure(node), delay));
            }
            default -> tell("complete " + node, () -> machine.completed(node, ticket, 1));
        }
        answerLate(told);
    }

    /** An answer that was given already, or comes after another, changes nothing. */
    private void answerLate(Out told) {
        NodeStatus before = machine.nodes().status(told.node);
        assertThat(machine.completed(told.node, told.ticket, 1)).isFalse();
        assertThat(machine.failed(told.node, told.ticket, failure(told.node), null))
                .isFalse();
        assertThat(machine.nodes().status(told.node))
                .as("status of %d after late answers", told.node)
                .isEqualTo(before);
    }

    /** Shows the changes, obeys the commands, and starts nodes, in this order, as a run loop does. */
    private void carryOut() {
        driven.changes().stream()
                .filter(ControlWalk::settles)
                .forEach(change -> assertThat(settled.add(change.substring(0, change.indexOf(' '))))
                        .as("%s comes once", change)
                        .isTrue());
        machine.effects().drainCommands(this);
        for (String id : driven.starts()) {
            int node = driven.number(id);
            assertThat(machine.nodes().isOpen(node)).as("%s is not settled", id).isTrue();
            assertMayStart(node);
            assertThat(out).as("attempts of %d", node).noneMatch(one -> one.node == node && isHeard(one));
            if (driven.layout().isCpuBound(node) && machine.nodes().startingAttempt(node) == 1) {
                machine.startLog().queue().add(node);
            } else {
                out.add(new Out(node, machine.nodes().ticket(node), false));
            }
        }
        if (machine.status() == ExecutionStatus.PAUSED) {
            // A node timeout that was due just before the pause may have left a failure to recover from.
            assertThat(out).as("no attempt runs while paused").noneMatch(one -> !one.recovery && isHeard(one));
            assertThat(machine.startLog().queue().poll()).isEqualTo(ReadyQueue.EMPTY);
        }
        if (machine.status() == ExecutionStatus.WAITING) {
            assertThat(!waits.isEmpty() || nodes().anyMatch(this::awaitsSignal))
                    .as("something is waited for")
                    .isTrue();
        }
        if (stopping && out.stream().noneMatch(this::isHeard)) {
            assertThat(ended()).as("stopped with nothing left").isTrue();
        }
    }

    private boolean awaitsSignal(int node) {
        Suspension suspension = machine.nodes().suspension(node);
        return suspension != null && suspension.signal() != null;
    }

    private void assertMayStart(int node) {
        assertThat(machine.status())
                .as("status when node %d starts", node)
                .isIn(ExecutionStatus.RUNNING, ExecutionStatus.PAUSING, ExecutionStatus.CANCELLING);
        assertThat(machine.nodes().status(node)).isIn(NodeStatus.QUEUED, NodeStatus.WAITING);
    }

    private boolean isHeard(Out one) {
        return machine.nodes().isCurrent(one.node, one.ticket);
    }

    private void checkEnd() {
        assertThat(ended()).as("%s", this).isTrue();
        for (int node = 0; node < driven.layout().size(); node++) {
            assertThat(machine.nodes().status(node).isSettled())
                    .as("node %d", node)
                    .isTrue();
        }
        assertThat(settled).as("settled nodes").hasSize(driven.layout().size());
        assertThat(machine.status()).as("final status").isEqualTo(finalStatus());
    }

    /** S23, from what became of the nodes. */
    private ExecutionStatus finalStatus() {
        boolean fails = count(NodeStatus.FAILED) > 0;
        if (cancelled) {
            return ExecutionStatus.CANCELLED;
        }
        if (timedOut || (fails && driven.layout().failureMode() == FailureMode.FAIL_FAST)) {
            return ExecutionStatus.FAILED;
        }
        if (count(NodeStatus.CANCELLED) > 0) {
            // Only a close is left that may have cut it short.
            return closing ? ExecutionStatus.CANCELLED : ExecutionStatus.RUNNING;
        }
        if (!fails) {
            return ExecutionStatus.COMPLETED;
        }
        boolean reachedAnEnd = nodes().anyMatch(node ->
                !driven.layout().hasSuccessor(node) && machine.nodes().status(node) == NodeStatus.COMPLETED);
        return reachedAnEnd ? ExecutionStatus.PARTIAL : ExecutionStatus.FAILED;
    }

    private long count(NodeStatus status) {
        return nodes().filter(node -> machine.nodes().status(node) == status).count();
    }

    private IntStream nodes() {
        return IntStream.range(0, driven.layout().size());
    }

    private static boolean settles(String change) {
        String entered = change.substring(change.indexOf(' ') + 1);
        return Arrays.stream(NodeStatus.values())
                .anyMatch(status -> status.isSettled() && status.name().equals(entered));
    }

    private static NodeFailure failure(int node) {
        FlowError error = new FlowError(FailureKind.NODE_EXECUTION_FAILED, "a.B", "boom", "", "n" + node, 1, "");
        return new NodeFailure(error, null);
    }

    @Override
    public void backOff(int node, int ticket, Duration delay) {
        waits.add(new Out(node, ticket, false));
    }

    @Override
    public void await(int node, int ticket, Suspension suspension) {
        waits.add(new Out(node, ticket, false));
    }

    @Override
    public void wake(int node) {
        waits.removeIf(wait -> wait.node == node);
    }

    @Override
    public void recover(int node, int ticket, NodeFailure failure) {
        out.add(new Out(node, ticket, true));
    }

    @Override
    public void stop() {
        assertThat(stopping)
                .as("asked to stop before, so that the grace is running")
                .isFalse();
        stopping = true;
        waits.clear();
        for (Out attempt : List.copyOf(out)) {
            if (!attempt.begun) {
                out.remove(attempt);
                tell("withdrawn " + attempt.node, () -> machine.withdrawn(attempt.node, attempt.ticket));
            }
        }
    }

    @Override
    public void closeItems(ItemSource items) {
        throw new AssertionError("no maps here");
    }

    @Override
    public void hold() {
        log.add("(held)");
    }

    @Override
    public void release() {
        log.add("(released)");
    }

    @Override
    public void leave() {
        throw new AssertionError("nobody has asked to leave");
    }

    @Override
    public void beginCompensations() {
        throw new AssertionError("nothing has to be undone");
    }

    @Override
    public void compensate(int node, int ticket, int attempt, Duration delay) {
        throw new AssertionError("nothing has to be undone");
    }

    @Override
    public void limit(int node) {}

    @Override
    public void disarm(int node) {}

    @Override
    public void abandon(int node) {}
}
