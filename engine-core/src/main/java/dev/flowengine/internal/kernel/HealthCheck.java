package dev.flowengine.internal.kernel;

import dev.flowengine.execution.EngineHealth;
import dev.flowengine.internal.delivery.ListenerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Judges how an engine is doing. */
final class HealthCheck {
    private static final Duration BLOCKED = Duration.ofSeconds(10);

    private final EngineServices services;
    private final int listenerBuffer;
    private final int maxAbandoned;

    HealthCheck(EngineServices services, EngineConfig config) {
        this.services = services;
        this.listenerBuffer = config.listenerBuffer();
        this.maxAbandoned = config.maxAbandoned();
    }

    EngineHealth judge(boolean closing, int executions) {
        List<ListenerState> listeners = services.events().states();
        List<String> reasons = new ArrayList<>();
        if (closing) {
            reasons.add("The engine is closed and starts no execution.");
        }
        int abandoned = services.bodyThreads().abandonedNow();
        if (abandoned > maxAbandoned) {
            reasons.add(abandoned + " bodies that timed out or were cancelled have not returned; beyond " + maxAbandoned
                    + " no further body is started.");
        }
        listeners.forEach(listener -> judge(listener, reasons));
        EngineHealth.Status status = closing
                ? EngineHealth.Status.DOWN
                : reasons.isEmpty() ? EngineHealth.Status.UP : EngineHealth.Status.DEGRADED;
        long dropped = listeners.stream().mapToLong(ListenerState::dropped).sum();
        return new EngineHealth(
                status, reasons, executions, abandoned, services.lateResults().sum(), dropped);
    }

    private void judge(ListenerState listener, List<String> reasons) {
        Duration busy = Duration.ofNanos(listener.busyNanos());
        if (busy.compareTo(BLOCKED) > 0) {
            reasons.add("Listener " + listener.name() + " has been at one event for " + busy.toSeconds() + " s.");
        }
        if (listener.waiting() >= listenerBuffer) {
            reasons.add("Listener " + listener.name() + " is " + listener.waiting()
                    + " events behind and misses further" + " ones.");
        }
    }
}
