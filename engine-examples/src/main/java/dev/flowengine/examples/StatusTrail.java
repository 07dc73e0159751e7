package dev.flowengine.examples;

import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.ExecutionStarted;
import dev.flowengine.event.ExecutionStatusChanged;
import dev.flowengine.model.ExecutionStatus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the statuses an execution goes through, and tells when it is paused. */
final class StatusTrail implements ExecutionListener {
    private final Runnable paused;
    private final EndOfEvents end;
    private final List<ExecutionStatus> statuses = new CopyOnWriteArrayList<>();

    StatusTrail(Runnable paused, EndOfEvents end) {
        this.paused = paused;
        this.end = end;
    }

    /** The statuses so far, in order. */
    List<String> names() {
        return statuses.stream().map(ExecutionStatus::name).toList();
    }

    @Override
    public void onExecutionStarted(ExecutionStarted event) {
        statuses.add(ExecutionStatus.RUNNING);
    }

    @Override
    public void onExecutionStatusChanged(ExecutionStatusChanged event) {
        statuses.add(event.status());
        if (event.status() == ExecutionStatus.PAUSED) {
            paused.run();
        }
    }

    @Override
    public void onExecutionFinished(ExecutionFinished event) {
        statuses.add(event.status());
        end.reached();
    }
}
