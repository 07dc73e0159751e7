package dev.flowengine.engine;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SnapshotTest {

    @Test
    @DisplayName("S8 a running node shows RUNNING, one that waits for a thread QUEUED, one that waits for it IDLE")
    void a_snapshot_shows_what_runs_and_what_waits() {
        CountDownLatch release = new CountDownLatch(1);
        Flow flow = Flow.definition("waiting")
                .trigger("t")
                .add(Nodes.node("a", context -> {
                    Runs.awaitOpen(release);
                    return 1;
                }))
                .add(Nodes.tracing("b"))
                .add(Nodes.tracing("c"))
                .connect("t", "a")
                .connect("t", "b")
                .connect("a", "c")
                .build();
        try (FlowEngine engine = Engines.withThreads(1)) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", null);
            Runs.awaitNode(run, "a", NodeStatus.RUNNING);
            // The time a body began at is noted a little later than that it did.
            await().until(() ->
                    run.snapshot().node("a").orElseThrow().startedAt().isPresent());

            ExecutionSnapshot snapshot = run.snapshot();
            NodeState a = snapshot.node("a").orElseThrow();
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(a.attempt()).isEqualTo(1);
            assertThat(a.startedAt()).isPresent();
            assertThat(a.endedAt()).isEmpty();
            assertThat(Runs.states(snapshot))
                    .isEqualTo(Map.of("t", "COMPLETED", "a", "RUNNING", "b", "QUEUED", "c", "IDLE"));
            assertThat(snapshot.endedAt()).isEmpty();
            release.countDown();
            assertThat(Runs.ended(run).snapshot().endedAt()).isPresent();
            assertThat(Runs.states(snapshot)).as("a snapshot is a moment").containsEntry("a", "RUNNING");
        }
    }

    @WithThreads
    @DisplayName("S8 what has settled in one snapshot is the same in every later one")
    void a_settled_node_never_changes(int threads) {
        FlowDefinition definition = Flow.definition("wide").trigger("t");
        for (int i = 0; i < 40; i++) {
            definition.add(i % 7 == 3 ? Nodes.failing("n" + i) : Nodes.passing("n" + i));
            definition.add(Nodes.tracing("m" + i)).connect("t", "n" + i).connect("n" + i, "m" + i);
        }
        Flow flow = definition.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int i = 0; i < 20; i++) {
                FlowExecution run = engine.executeFromTrigger(flow, "t", i);
                Map<String, NodeState> settled = new HashMap<>();
                while (!run.status().isTerminal()) {
                    mustKeep(settled, run.snapshot());
                }
                mustKeep(settled, Runs.ended(run).snapshot());
                assertThat(settled).hasSize(81);
                assertThat(run.status()).isEqualTo(ExecutionStatus.PARTIAL);
            }
        }
    }

    private static void mustKeep(Map<String, NodeState> settled, ExecutionSnapshot snapshot) {
        Set<String> path = Set.copyOf(snapshot.executionPath());
        for (NodeState node : snapshot.nodes()) {
            if (node.status().isSettled()) {
                NodeState before = settled.putIfAbsent(node.nodeId(), node);
                if (before != null && !before.equals(node)) {
                    assertThat(node).isEqualTo(before);
                }
            }
            if (node.status() == NodeStatus.RUNNING && (node.attempt() != 1 || !path.contains(node.nodeId()))) {
                throw new AssertionError(node + " runs, but has not started: " + path);
            }
        }
    }

    @Test
    @DisplayName("S8 times tell when a body started and ended, and are absent when switched off")
    void times_are_kept_unless_switched_off() {
        Flow flow = Flow.definition("one")
                .trigger("t")
                .add(Nodes.tracing("a"))
                .connect("t", "a")
                .build();
        try (FlowEngine timed = Engines.create();
                FlowEngine untimed = Engines.builder().nodeTimes(false).build()) {
            ExecutionResult with = Runs.ended(timed.executeFromTrigger(flow, "t", 1));
            NodeState a = Runs.node(with, "a");
            assertThat(a.startedAt().orElseThrow())
                    .isBetween(with.snapshot().startedAt(), a.endedAt().orElseThrow());
            assertThat(Runs.node(with, "t").startedAt())
                    .as("a trigger has no body")
                    .isEmpty();

            ExecutionResult without = Runs.ended(untimed.executeFromTrigger(flow, "t", 1));
            assertThat(Runs.node(without, "a").startedAt()).isEmpty();
            assertThat(Runs.node(without, "a").endedAt()).isEmpty();
        }
    }

    @Test
    @DisplayName("S8 the result's snapshot and the handle's are the same once the run has ended")
    void the_handle_shows_the_end() {
        Flow flow = Flow.definition("one").trigger("t").build();
        try (FlowEngine engine = Engines.create()) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", 1);
            ExecutionResult result = Runs.ended(run);

            assertThat(run.id()).isEqualTo(result.executionId());
            assertThat(run.flowId()).isEqualTo("one");
            assertThat(run.status()).isEqualTo(result.status());
            assertThat(Runs.states(run.snapshot())).isEqualTo(Runs.states(result));
            assertThat(run.explain("t")).contains("'t'", "COMPLETED");
            await().until(() -> engine.find(run.id()).isPresent());
        }
    }
}
