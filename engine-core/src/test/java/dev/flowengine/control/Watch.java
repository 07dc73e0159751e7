package dev.flowengine.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.ExecutionStatusChanged;
import dev.flowengine.event.NodeCancelled;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeEvent;
import dev.flowengine.event.NodeFailed;
import dev.flowengine.event.NodeSkipped;
import dev.flowengine.event.NodeStarted;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** Listens to executions, waits for them, and checks what must hold of every one that has ended. */
final class Watch implements ExecutionListener {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<String, Told> byExecution = new ConcurrentHashMap<>();

    @Override
    public void onEvent(ExecutionEvent event) {
        Told told = told(event.executionId());
        told.events.add(event);
        if (event instanceof ExecutionFinished) {
            told.last.countDown();
        }
    }

    static ConditionFactory awaiting(String what) {
        return await(what).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }

    static void awaitStatus(FlowExecution run, ExecutionStatus status) {
        awaiting(status + " instead of " + run.status()).until(() -> run.status() == status);
    }

    static void awaitNode(FlowExecution run, String nodeId, NodeStatus status) {
        awaiting(nodeId + " " + status).until(() -> node(run, nodeId).status() == status);
    }

    static NodeState node(FlowExecution run, String nodeId) {
        return run.snapshot().node(nodeId).orElseThrow();
    }

    /** What became of each node so far. */
    static Map<String, NodeStatus> states(FlowExecution run) {
        Map<String, NodeStatus> states = new TreeMap<>();
        run.snapshot().nodes().forEach(node -> states.put(node.nodeId(), node.status()));
        return states;
    }

    /** The result of an execution that must end, and of which all must hold that holds of any. */
    ExecutionResult ended(FlowExecution run) {
        try {
            ExecutionResult result = run.await(PATIENCE)
                    .orElseThrow(() -> new AssertionError("did not end: " + run.status() + " " + states(run)));
            check(run, result);
            return result;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + run.id(), e);
        }
    }

    /** All events of an execution that has ended or will. */
    List<ExecutionEvent> events(FlowExecution run) {
        Told told = told(run.id());
        try {
            assertThat(told.last.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("a terminal event of %s", run.id())
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for the last event", e);
        }
        return told.events;
    }

    /** The statuses an execution went through between its start and its end. */
    List<ExecutionStatus> statuses(FlowExecution run) {
        return events(run).stream()
                .filter(ExecutionStatusChanged.class::isInstance)
                .map(event -> ((ExecutionStatusChanged) event).status())
                .toList();
    }

    /** The attempts of a node that were announced. */
    List<Integer> attempts(FlowExecution run, String nodeId) {
        return events(run).stream()
                .filter(NodeStarted.class::isInstance)
                .map(NodeStarted.class::cast)
                .filter(event -> event.nodeId().equals(nodeId))
                .map(NodeStarted::attempt)
                .toList();
    }

    private void check(FlowExecution run, ExecutionResult result) {
        assertThat(run.status()).isEqualTo(result.status());
        assertThat(result.status().isTerminal()).isTrue();
        assertThat(result.snapshot().nodes())
                .as("R26 every node of %s is settled", result.status())
                .allMatch(node -> node.status().isSettled());
        checkAbsorbing(run, result.status());
        List<ExecutionEvent> events = events(run);
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).seq()).as("S36 no gap in %s", events).isEqualTo(i + 1L);
        }
        assertThat(events).filteredOn(ExecutionFinished.class::isInstance).hasSize(1);
        assertThat(((ExecutionFinished) events.get(events.size() - 1)).status()).isEqualTo(result.status());
        checkSettlements(events, result);
        checkStatuses(events, result.status());
    }

    /** S44 R3: nothing that is asked of an ended execution changes it. */
    private static void checkAbsorbing(FlowExecution run, ExecutionStatus end) {
        assertThat(List.of(run.pause(), run.resume(), run.cancel("too late"))).containsOnly(end);
        assertThat(run.status()).isEqualTo(end);
    }

    private static void checkSettlements(List<ExecutionEvent> events, ExecutionResult result) {
        Map<String, NodeStatus> settled = new TreeMap<>();
        for (ExecutionEvent event : events) {
            if (event instanceof NodeStarted started) {
                assertThat(settled).as("S8 settled is final").doesNotContainKey(started.nodeId());
            }
            NodeStatus status = settlement(event);
            if (status != null) {
                String nodeId = ((NodeEvent) event).nodeId();
                assertThat(settled.put(nodeId, status))
                        .as("S8 %s settles once in %s", nodeId, events)
                        .isNull();
            }
        }
        Map<String, NodeStatus> shown = new TreeMap<>();
        result.snapshot().nodes().forEach(node -> shown.put(node.nodeId(), node.status()));
        assertThat(settled).as("events and snapshot agree").isEqualTo(shown);
    }

    private static @Nullable NodeStatus settlement(ExecutionEvent event) {
        if (event instanceof NodeCompleted) {
            return NodeStatus.COMPLETED;
        } else if (event instanceof NodeFailed) {
            return NodeStatus.FAILED;
        } else if (event instanceof NodeSkipped) {
            return NodeStatus.SKIPPED;
        }
        return event instanceof NodeCancelled ? NodeStatus.CANCELLED : null;
    }

    private static void checkStatuses(List<ExecutionEvent> events, ExecutionStatus end) {
        ExecutionStatus status = ExecutionStatus.RUNNING;
        Set<ExecutionStatus> seen = new HashSet<>();
        for (ExecutionEvent event : events) {
            if (event instanceof ExecutionStatusChanged change) {
                assertThat(status.canBecome(change.status()))
                        .as("S8 %s after %s in %s", change.status(), status, events)
                        .isTrue();
                status = change.status();
                seen.add(status);
            } else if (event instanceof NodeStarted) {
                assertThat(status)
                        .as("S25 no attempt starts while paused: %s", events)
                        .isNotEqualTo(ExecutionStatus.PAUSED);
            } else if (event instanceof NodeSkipped) {
                assertThat(status)
                        .as("S26 no join is evaluated after a cancel: %s", events)
                        .isNotEqualTo(ExecutionStatus.CANCELLING);
            }
        }
        assertThat(!seen.contains(ExecutionStatus.CANCELLING) || end == ExecutionStatus.CANCELLED)
                .as("S23 a cancel that was accepted is the end: %s", events)
                .isTrue();
    }

    private Told told(String executionId) {
        return byExecution.computeIfAbsent(
                executionId, id -> new Told(new CopyOnWriteArrayList<>(), new CountDownLatch(1)));
    }

    private record Told(List<ExecutionEvent> events, CountDownLatch last) {}
}
