package dev.flowengine.event;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.LogLevel;
import dev.flowengine.model.LogLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes events to a log: executions at INFO, what goes wrong at WARN, every step of a node at DEBUG, what nodes write
 * themselves at the level they chose. Every line begins with the flow and the execution. Thread-safe.
 */
public final class LoggingListener implements ExecutionListener {
    private final Logger log;

    /** Writes to the logger {@code dev.flowengine.executions}. */
    public LoggingListener() {
        this("dev.flowengine.executions");
    }

    /**
     * Writes to a logger.
     *
     * @param loggerName its name
     */
    public LoggingListener(String loggerName) {
        this.log = LoggerFactory.getLogger(loggerName);
    }

    @Override
    public void onExecutionStarted(ExecutionStarted event) {
        write(Level.INFO, event, "started at '" + event.startNodeId() + "'");
    }

    @Override
    public void onExecutionStatusChanged(ExecutionStatusChanged event) {
        write(Level.INFO, event, "is " + event.status());
    }

    @Override
    public void onExecutionFinished(ExecutionFinished event) {
        boolean well = event.status() == ExecutionStatus.COMPLETED || event.status() == ExecutionStatus.CANCELLED;
        write(well ? Level.INFO : Level.WARN, event, "ended " + event.status());
    }

    @Override
    public void onEventsDropped(EventsDropped event) {
        write(Level.WARN, event, "events " + event.from() + " to " + event.to() + " came too fast to be told");
    }

    @Override
    public void onExecutionStuck(ExecutionStuck event) {
        write(
                Level.WARN,
                event,
                "stands still since " + event.since() + ", open are " + String.join(", ", event.openNodes()));
    }

    @Override
    public void onNodeStarted(NodeStarted event) {
        write(Level.DEBUG, event, of(event) + " started");
    }

    @Override
    public void onNodeAttemptFailed(NodeAttemptFailed event) {
        write(
                Level.WARN,
                event,
                of(event) + " failed and will be repeated: " + event.error().summary());
    }

    @Override
    public void onNodeWaiting(NodeWaiting event) {
        String signal = event.signal().map(name -> " for signal '" + name + "'").orElse("");
        String until = event.until().map(instant -> " until " + instant).orElse("");
        String child =
                event.childExecutionId().map(id -> " for execution " + id).orElse("");
        write(Level.DEBUG, event, of(event) + " waits" + signal + until + child);
    }

    @Override
    public void onNodeTimeoutNear(NodeTimeoutNear event) {
        write(Level.WARN, event, of(event) + " has used up most of its " + event.limit());
    }

    @Override
    public void onNodeIntervened(NodeIntervened event) {
        write(Level.INFO, event, of(event) + ": " + event.action() + " by hand" + because(event.reason()));
    }

    @Override
    public void onNodeCompleted(NodeCompleted event) {
        if (event.handledFailure().isPresent()) {
            write(
                    Level.WARN,
                    event,
                    of(event) + " completed, its failure was handled: "
                            + event.handledFailure().get().summary());
        } else {
            write(Level.DEBUG, event, of(event) + how(event));
        }
    }

    private static String how(NodeCompleted event) {
        if (event.cached()) {
            return " was found in the cache";
        }
        return event.pinned() ? " is pinned" : event.reused() ? " was taken over" : " completed";
    }

    @Override
    public void onNodeFailed(NodeFailed event) {
        write(
                Level.WARN,
                event,
                of(event) + " failed: " + event.error().summary()
                        + because(event.error().suggestedResolution()));
    }

    @Override
    public void onNodeSkipped(NodeSkipped event) {
        write(Level.DEBUG, event, of(event) + " was skipped: " + event.reason());
    }

    @Override
    public void onNodeCancelled(NodeCancelled event) {
        write(Level.DEBUG, event, of(event) + " was cancelled");
    }

    @Override
    public void onCompensationStarted(CompensationStarted event) {
        write(Level.DEBUG, event, "compensation of " + of(event) + " started");
    }

    @Override
    public void onCompensationCompleted(CompensationCompleted event) {
        write(Level.INFO, event, "what node '" + event.nodeId() + "' had done has been undone");
    }

    @Override
    public void onCompensationFailed(CompensationFailed event) {
        write(
                Level.WARN,
                event,
                "compensation of " + of(event) + " failed"
                        + (event.repeated() ? " and will be repeated: " : ": ")
                        + event.error().summary());
    }

    @Override
    public void onNodeProgressed(NodeProgressed event) {
        long percent = Math.round(100 * event.progress().fraction());
        write(
                Level.DEBUG,
                event,
                of(event) + " is at " + percent + " %"
                        + because(event.progress().message()));
    }

    @Override
    public void onNodeLogged(NodeLogged event) {
        for (LogLine line : event.lines()) {
            write(level(line.level()), event, of(event) + ": " + line.text());
        }
    }

    private void write(Level level, ExecutionEvent event, String what) {
        log.atLevel(level).log("{} {}: {}", event.flowId(), event.executionId(), what);
    }

    private static Level level(LogLevel level) {
        return switch (level) {
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR -> Level.ERROR;
        };
    }

    private static String of(NodeEvent event) {
        String attempt = event.attempt() > 1 ? " (attempt " + event.attempt() + ")" : "";
        return "node '" + event.nodeId() + "'" + attempt;
    }

    private static String because(String reason) {
        return reason.isEmpty() ? "" : ", " + reason;
    }
}
