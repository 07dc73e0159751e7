package dev.flowengine.execution;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowError;
import dev.flowengine.plan.Start;
import java.time.temporal.ChronoUnit;

/** Says in one sentence why a node of an execution has its state. */
final class Explanation {
    private final ExecutionSnapshot snapshot;
    private final NodeState state;

    private Explanation(ExecutionSnapshot snapshot, NodeState state) {
        this.snapshot = snapshot;
        this.state = state;
    }

    /**
     * Explains a node. Linear in the size of the flow at worst.
     *
     * @throws dev.flowengine.model.FlowException NOT_FOUND if the flow has no such node
     */
    static String of(ExecutionSnapshot snapshot, String nodeId) {
        String clause = snapshot.node(nodeId)
                .map(state -> "is " + new Explanation(snapshot, state).predicate())
                .orElseGet(() -> new OutOfScope(snapshot, nodeId).text());
        return Phrases.sentence("Node " + Phrases.quote(nodeId) + " " + clause);
    }

    private String predicate() {
        String reason = switch (state.status()) {
            case IDLE -> new IdleReason(snapshot, state.nodeId()).text();
            case QUEUED -> joined() + " and it waits " + queuedFor();
            case RUNNING -> running();
            case WAITING -> waiting();
            case COMPLETED -> completed();
            case FAILED -> Phrases.attempt(state) + " failed" + Phrases.failure(state);
            case SKIPPED -> new SkipCause(snapshot, state).text();
            case CANCELLED -> cancelled();
        };
        return state.status() + Phrases.reason(state) + iteration() + ": " + reason;
    }

    private String iteration() {
        return state.iteration().path().isEmpty() ? "" : " in iteration " + state.iteration();
    }

    private String joined() {
        if (isStart()) {
            return "the execution starts with it";
        }
        String rule =
                "its join rule " + new Wiring(snapshot).into(state.nodeId()).join();
        return state.decidedBy().isEmpty() ? rule + " is met" : rule + early();
    }

    private String queuedFor() {
        return switch (snapshot.status()) {
            case PAUSING, PAUSED, PARKED -> "until the execution, which is " + snapshot.status() + ", is resumed";
            default -> "for a thread";
        };
    }

    private String running() {
        String since = state.startedAt()
                .map(at -> " since " + at.truncatedTo(ChronoUnit.MILLIS))
                .orElse("");
        String items =
                snapshot.items(state.nodeId()).map(counts -> ", " + counts).orElse("");
        return Phrases.attempt(state) + " has been running" + since + items + decidedBy();
    }

    private String waiting() {
        if (state.waitsFor().isPresent()) {
            return waitingFor(state.waitsFor().get()) + ", and holds no thread meanwhile" + decidedBy();
        }
        String after = state.attempt() == 0 ? "" : "after attempt " + state.attempt() + Phrases.failure(state) + " ";
        return after + "it holds no thread until a time, a signal or another execution wakes it" + decidedBy();
    }

    private String waitingFor(NodeWait waitsFor) {
        String signal = waitsFor.signal()
                .map(name -> "for signal " + Phrases.quote(name))
                .orElse("");
        String child = waitsFor.childExecutionId()
                .map(id -> "for execution " + Phrases.quote(id))
                .orElse("");
        String until = waitsFor.until()
                .map(at -> (signal.isEmpty() ? "until " : ", or until ") + at.truncatedTo(ChronoUnit.MILLIS))
                .orElse("");
        boolean paused = snapshot.status() == ExecutionStatus.PAUSING || snapshot.status() == ExecutionStatus.PAUSED;
        return "it waits " + child + signal + until + (paused ? ", as soon as the execution is resumed" : "");
    }

    private String completed() {
        String fired = state.firedPorts().isEmpty() ? "fired no port" : "fired " + Phrases.quoted(state.firedPorts());
        if (state.pinned()) {
            return "its output is pinned, so it " + fired + " and its body was not called" + decidedBy();
        }
        if (state.reused()) {
            String source =
                    snapshot.redriveOf().map(id -> " from execution " + id).orElse("");
            return "its output was taken over" + source + ", so it " + fired + " and its body was not called"
                    + decidedBy();
        }
        if (state.cached()) {
            return "its result was found in the cache, so it " + fired + " and its body was not called" + decidedBy();
        }
        if (isTrigger()) {
            return "the execution was started from this trigger, which " + fired;
        }
        if (state.handledFailure().isPresent()) {
            FlowError failure = state.handledFailure().get();
            return Phrases.attempt(state) + " failed with " + failure.summary() + ", which was handled, so it " + fired
                    + decidedBy();
        }
        return state.attempt() > 0
                ? Phrases.attempt(state) + " " + fired + decidedBy()
                : "it is disabled, so it " + fired + " and its body was not called" + decidedBy();
    }

    private String cancelled() {
        ExecutionStatus status = snapshot.status();
        String ended = status.isTerminal() ? "the execution ended " + status : "the execution is " + status;
        if (state.attempt() == 0) {
            return ended + " before it started";
        }
        boolean between = state.failure()
                .filter(failure -> failure.attempt() == state.attempt())
                .isPresent();
        return between
                ? ended + " after " + Phrases.attempt(state) + " failed" + Phrases.failure(state)
                        + " and before that was made good"
                : ended + " before attempt " + state.attempt() + " ended";
    }

    private String decidedBy() {
        return state.decidedBy().isEmpty() ? "" : ", after its join" + early();
    }

    private String early() {
        return " was fired early by " + Phrases.list(state.decidedBy(), Object::toString);
    }

    private boolean isStart() {
        return snapshot.plan().entry().equals(state.nodeId());
    }

    private boolean isTrigger() {
        return isStart() && snapshot.plan().start().kind() == Start.Kind.TRIGGER;
    }
}
