package dev.flowengine.internal.kernel;

import dev.flowengine.execution.EngineHealth;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.internal.attempt.CachedResults;
import dev.flowengine.internal.delivery.ListenerState;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Judges how an engine is doing. */
final class HealthCheck {
    private static final Duration BLOCKED = Duration.ofSeconds(10);

    private static final int MOST_NAMED = 3;

    private final EngineServices services;
    private final StuckWatch stuck;
    private final int listenerBuffer;

    HealthCheck(EngineServices services, StuckWatch stuck, EngineConfig config) {
        this.services = services;
        this.stuck = stuck;
        this.listenerBuffer = config.listenerBuffer();
    }

    EngineHealth judge(boolean closing, int executions, List<String> storeTroubles) {
        List<ListenerState> listeners = services.events().states();
        List<String> reasons = new ArrayList<>(storeTroubles);
        if (closing) {
            reasons.add("The engine is closed and starts no execution.");
        }
        int abandoned = services.bodyThreads().abandonedNow();
        int most = services.bodyThreads().maxAbandoned();
        if (abandoned > most) {
            reasons.add(abandoned + " bodies that timed out or were cancelled have not returned; beyond " + most
                    + " no further body is started.");
        }
        listeners.forEach(listener -> judge(listener, reasons));
        judgeCache(reasons);
        int standing = judgeStandstills(reasons);
        EngineHealth.Status status = closing
                ? EngineHealth.Status.DOWN
                : reasons.isEmpty() ? EngineHealth.Status.UP : EngineHealth.Status.DEGRADED;
        long dropped = listeners.stream().mapToLong(ListenerState::dropped).sum();
        return new EngineHealth(
                status,
                reasons,
                executions,
                standing,
                abandoned,
                services.lateResults().sum(),
                dropped);
    }

    private void judgeCache(List<String> reasons) {
        CachedResults results = services.results();
        if (results != null && results.failures() > 0) {
            reasons.add("The result cache has failed " + results.failures() + " times; nodes run without it.");
        }
    }

    private int judgeStandstills(List<String> reasons) {
        Throwable broken = stuck.broken();
        if (broken != null) {
            reasons.add("Nobody looks for executions that stand still, because the timer fails: " + broken);
        }
        List<StuckWatch.Standstill> standing = stuck.standstills();
        standing.stream().limit(MOST_NAMED).forEach(standstill -> reasons.add(describe(standstill)));
        int more = standing.size() - MOST_NAMED;
        if (more > 0) {
            reasons.add(
                    more + (more == 1 ? " more execution has" : " more executions have") + " stood still for as long.");
        }
        return standing.size();
    }

    private static String describe(StuckWatch.Standstill standstill) {
        ExecutionSnapshot snapshot = standstill.run().snapshot();
        String why = snapshot.nodes().stream()
                .filter(node -> !node.status().isSettled() && node.status() != NodeStatus.IDLE)
                .findFirst()
                .map(node -> " " + snapshot.explain(node.nodeId()))
                .orElse("");
        return "Execution " + snapshot.executionId() + " of flow '" + snapshot.flowId() + "' has stood still since "
                + standstill.since() + "." + why;
    }

    private void judge(ListenerState listener, List<String> reasons) {
        Duration busy = Duration.ofNanos(listener.busyNanos());
        if (busy.compareTo(BLOCKED) > 0) {
            reasons.add(
                    "Listener " + listener.name() + " has been at the same few events for " + busy.toSeconds() + " s.");
        }
        if (listener.waiting() >= listenerBuffer) {
            reasons.add("Listener " + listener.name() + " is " + listener.waiting()
                    + " events behind and misses further" + " ones.");
        }
    }
}
