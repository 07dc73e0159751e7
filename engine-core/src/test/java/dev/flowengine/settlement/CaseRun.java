package dev.flowengine.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.oracle.CaseStart;
import dev.flowengine.oracle.FiredValue;
import dev.flowengine.oracle.GraphCase;
import dev.flowengine.oracle.NodeOutcome;
import dev.flowengine.oracle.OracleResult;
import dev.flowengine.oracle.ValueDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a case on an engine and holds what happened against what the oracle says. */
final class CaseRun {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final GraphCase graph;
    private final Flow flow;
    private final FlowEngine engine;

    CaseRun(GraphCase graph, Flow flow, FlowEngine engine) {
        this.graph = graph;
        this.flow = flow;
        this.engine = engine;
    }

    void mustMatch(OracleResult expected) throws InterruptedException {
        if (expected instanceof OracleResult.Refused refused) {
            mustBeRefused(refused);
        } else {
            ExecutionResult result = start().await(PATIENCE)
                    .orElseThrow(() -> new AssertionError("the execution did not end within " + PATIENCE));
            mustMatch((OracleResult.Settled) expected, result);
        }
    }

    private void mustBeRefused(OracleResult.Refused refused) {
        assertThatThrownBy(this::start).isInstanceOfSatisfying(FlowException.class, refusal -> {
            assertThat(refusal.kind()).isEqualTo(FailureKind.MISSING_DEPENDENCY);
            assertThat(refusal.affectedNodes())
                    .containsExactlyInAnyOrderElementsOf(refused.unfed().stream()
                            .map(port -> port.node())
                            .distinct()
                            .toList());
        });
    }

    private void mustMatch(OracleResult.Settled expected, ExecutionResult result) {
        assertThat(result.snapshot().nodes())
                .as("nodes in scope")
                .extracting(NodeState::nodeId)
                .containsExactlyInAnyOrderElementsOf(expected.scope());
        for (NodeState state : result.snapshot().nodes()) {
            mustMatch(expected.outcome(state.nodeId()), state, result);
        }
        assertThat(result.status()).as("final status").isEqualTo(expected.status());
        mustStartInOrder(result);
    }

    private static void mustMatch(NodeOutcome expected, NodeState state, ExecutionResult result) {
        assertThat(state.status()).as("status of %s", state.nodeId()).isEqualTo(expected.status());
        assertThat(state.skipReason().orElse(null))
                .as("reason of %s", state.nodeId())
                .isEqualTo(expected.skipReason());
        assertThat(state.pinned()).as("pin of %s", state.nodeId()).isEqualTo(expected.pinned());
        assertThat(state.firedPorts())
                .as("ports of %s", state.nodeId())
                .containsExactlyInAnyOrderElementsOf(expected.fired().keySet());
        if (state.status() == NodeStatus.COMPLETED) {
            mustMatch(expected.fired(), result.outputs(state.nodeId()));
        }
    }

    private static void mustMatch(Map<String, FiredValue> expected, PortValues actual) {
        expected.forEach((port, fired) -> {
            if (fired.comparable()) {
                assertThat(ValueDigest.render(actual.asMap().get(port)))
                        .as("value of port %s", port)
                        .isEqualTo(fired.value());
            }
        });
    }

    /** S16: the path holds every node that started once, and each after the sources whose values it got. */
    private void mustStartInOrder(ExecutionResult result) {
        List<String> path = result.executionPath();
        Map<String, Integer> positions = new HashMap<>();
        for (String node : path) {
            assertThat(positions.put(node, positions.size()))
                    .as("starts of %s", node)
                    .isNull();
        }
        for (NodeState state : result.snapshot().nodes()) {
            boolean ran = state.status() == NodeStatus.COMPLETED || state.status() == NodeStatus.FAILED;
            assertThat(positions.containsKey(state.nodeId()))
                    .as("start of %s", state.nodeId())
                    .isEqualTo(ran);
        }
        graph.connections().forEach(connection -> {
            Integer from = positions.get(connection.from());
            Integer to = positions.get(connection.to());
            boolean waits =
                    !flow.node(connection.to()).orElseThrow().shape().join().firesEarly()
                            && !connection.to().equals(graph.start().nodeId());
            if (from != null && to != null && waits) {
                assertThat(from)
                        .as("%s before %s", connection.from(), connection.to())
                        .isLessThan(to);
            }
        });
    }

    private FlowExecution start() {
        CaseStart start = graph.start();
        return switch (start.kind()) {
            case TRIGGER ->
                engine.executeFromTrigger(flow, start.nodeId(), start.input().get(CaseStart.TRIGGER_DATA), options());
            case NODE -> engine.executeFromNode(flow, start.nodeId(), input(), options());
            case SINGLE -> engine.executeNode(flow, start.nodeId(), input(), options());
        };
    }

    private PortValues input() {
        PortValues values = PortValues.none();
        for (Map.Entry<String, String> entry : graph.start().input().entrySet()) {
            boolean collecting = graph.node(graph.start().nodeId()).inputs().stream()
                    .anyMatch(port -> port.name().equals(entry.getKey()) && port.collecting());
            values = values.and(entry.getKey(), collecting ? List.of(entry.getValue()) : entry.getValue());
        }
        return values;
    }

    private RunOptions options() {
        RunOptions.Builder options = RunOptions.builder();
        graph.pins().forEach((node, ports) -> {
            PortValues values = PortValues.none();
            for (Map.Entry<String, String> port : ports.entrySet()) {
                values = values.and(port.getKey(), port.getValue());
            }
            options.pin(node, values);
        });
        if (graph.skipDependencyCheck()) {
            options.skipDependencyCheck();
        }
        String upTo = graph.start().upTo();
        if (upTo != null) {
            options.upTo(upTo);
        }
        return options.build();
    }
}
