package dev.flowengine.internal.kernel;

import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.internal.attempt.CompensationAttempt;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.layout.CompensationLayout;
import dev.flowengine.internal.machine.Compensating;
import dev.flowengine.internal.scheduling.BodyThreads;
import dev.flowengine.internal.scheduling.RunLoop;
import dev.flowengine.internal.scheduling.RunTimers;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts the compensations of an execution, and keeps their time. Thread-safe, but {@link #start} and {@link #shown}. */
final class RunCompensations implements CompensationAttempt.Watch {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    /** Between later looks at others, whose ends are told by themselves. */
    private static final Duration UNHURRIED = Duration.ofSeconds(1);

    private final RunCommands commands;
    private final RunScope scope;
    private final BodyThreads bodyThreads;
    private final RunLoop loop;
    private final RunTimers timers;
    private volatile @Nullable CompensationAttempt current;
    /** For whoever carries out what the machine decided. */
    private @Nullable CompensationAttempt due;
    /** What may start once everything before it has ended. */
    private @Nullable CompensationAttempt held;

    private boolean opened;

    private volatile int waiting;
    private volatile boolean closed;
    private volatile boolean gone;

    RunCompensations(RunCommands commands, RunScope scope, BodyThreads bodyThreads, RunLoop loop, RunTimers timers) {
        this.commands = commands;
        this.scope = scope;
        this.bodyThreads = bodyThreads;
        this.loop = loop;
        this.timers = timers;
    }

    /** Begins once others have ended. */
    void beginAfter(Consumer<ChildrenFirst.Waiting> others) {
        others.accept(new Before());
    }

    synchronized void begin() {
        if (gone) {
            return;
        }
        commands.arm(Due.ALL, policy().timeout(), false, all -> tell(Compensating::expired));
        opened = true;
        CompensationAttempt next = held;
        held = null;
        if (next != null) {
            bodyThreads.start(next);
        }
    }

    void start(int node, int ticket, int attempt, Duration delay) {
        if (gone) {
            return;
        }
        if (delay.isZero()) {
            CompensationAttempt next = new CompensationAttempt(commands.host(), node, ticket, attempt, this);
            current = next;
            due = next;
        } else {
            waiting = ticket;
            commands.arm(Due.NEXT, delay, false, all -> tell(compensating -> compensating.again(ticket)));
        }
        if (closed) {
            withdraw();
        }
    }

    /** Everything that was decided is shown: what is to start may. */
    void shown() {
        CompensationAttempt next = due;
        due = null;
        if (next != null) {
            hold(next);
        }
    }

    private synchronized void hold(CompensationAttempt next) {
        if (opened) {
            bodyThreads.start(next);
        } else {
            held = next;
        }
    }

    /** Lets nothing start any more; what has begun goes on. */
    void close() {
        closed = true;
        withdraw();
    }

    private void withdraw() {
        CompensationAttempt last = current;
        if (last != null) {
            last.withdraw();
        }
        timers.disarm(Due.NEXT);
        int ticket = waiting;
        tell(compensating -> compensating.again(ticket));
    }

    /** Nobody waits for what is under way, and nothing more starts. */
    void abandon() {
        gone = true;
        CompensationAttempt last = current;
        if (last != null) {
            last.abandon();
        }
    }

    @Override
    public void started(CompensationAttempt attempt) {
        commands.arm(attempt, policy().attemptTimeout(), false, attempt::timeOut);
    }

    @Override
    public void ended(CompensationAttempt attempt) {
        timers.disarm(attempt);
    }

    private CompensationPolicy policy() {
        CompensationLayout layout = Objects.requireNonNull(scope.layout().compensations());
        return layout.policy();
    }

    private void tell(Consumer<Compensating> signal) {
        loop.post(new Told(machine -> signal.accept(Objects.requireNonNull(machine.compensating()))));
    }

    /** Waits as long for those that undo something as this execution may take itself. */
    private final class Before implements ChildrenFirst.Waiting {
        private volatile Duration pause = longer(commands.grace(), SHORTEST);
        private volatile Duration waited = Duration.ZERO;

        @Override
        public void lookAgain(Runnable look) {
            Duration left = longer(policy().timeout().minus(waited), SHORTEST);
            Duration next = pause.compareTo(left) < 0 ? pause : left;
            commands.arm(Due.FIRST, next, false, all -> {
                waited = waited.plus(next);
                pause = longer(next, UNHURRIED);
                commands.aside(look);
            });
        }

        private static Duration longer(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? other : one;
        }

        @Override
        public boolean hasTime() {
            return waited.compareTo(policy().timeout()) < 0;
        }

        @Override
        public void over() {
            loop.post(new Told(any -> {
                timers.disarm(Due.FIRST);
                begin();
            }));
        }
    }

    /** What can be due. */
    private enum Due {
        /** Somebody looks for what has to end before. */
        FIRST,
        /** The time of all of them is over. */
        ALL,
        /** The wait before the next attempt is. */
        NEXT
    }
}
