package dev.flowengine.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.oracle.GraphCase;
import dev.flowengine.oracle.OracleResult;
import dev.flowengine.oracle.StoppedRun;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs a case on an engine and holds what happened against what the oracle says. */
final class CaseRun {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final GraphCase graph;
    private final CaseFlow flow;
    private final FlowEngine engine;

    CaseRun(GraphCase graph, CaseFlow flow, FlowEngine engine) {
        this.graph = graph;
        this.flow = flow;
        this.engine = engine;
    }

    void mustMatch(OracleResult expected) throws InterruptedException {
        if (expected instanceof OracleResult.Refused refused) {
            mustBeRefused(refused);
        } else if (expected instanceof OracleResult.Stopped stopped) {
            mustMatch(stopped, run());
        } else if (expected instanceof OracleResult.Settled settled) {
            mustMatch(settled, run());
        }
    }

    private ExecutionResult run() throws InterruptedException {
        flow.reset();
        FlowExecution execution = start();
        return execution
                .await(PATIENCE)
                .orElseThrow(() -> new AssertionError("the execution did not end within " + PATIENCE + ": "
                        + execution.snapshot().nodes()));
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
        mustHaveScope(expected, result);
        for (NodeState state : result.snapshot().nodes()) {
            match(state, result).mustBe(expected.outcome(state.nodeId()));
        }
        assertThat(result.status()).as("final status").isEqualTo(expected.status());
        mustSayWhy(expected, result);
        mustStartInOrder(result);
    }

    /** S16, S22: of an execution that is stopped, only this much is fixed. */
    private void mustMatch(OracleResult.Stopped expected, ExecutionResult result) {
        mustHaveScope(expected.unhindered(), result);
        assertThat(result.status()).as("final status").isEqualTo(ExecutionStatus.FAILED);
        Set<String> started = Set.copyOf(result.executionPath());
        Map<String, StoppedRun.Node> nodes = new HashMap<>();
        for (NodeState state : result.snapshot().nodes()) {
            if (state.status() == NodeStatus.CANCELLED) {
                match(state, result).mustBeCancelled();
            } else {
                match(state, result).mustBe(expected.unhindered().outcome(state.nodeId()));
            }
            nodes.put(
                    state.nodeId(),
                    new StoppedRun.Node(
                            state.status(),
                            state.skipReason().orElse(null),
                            Set.copyOf(state.firedPorts()),
                            started.contains(state.nodeId())));
        }
        assertThat(new StoppedRun(nodes).violations(graph, expected)).isEmpty();
        mustSayWhy(expected.unhindered(), result);
        mustStartInOrder(result);
    }

    private static void mustHaveScope(OracleResult.Settled expected, ExecutionResult result) {
        assertThat(result.snapshot().nodes())
                .as("nodes in scope")
                .extracting(NodeState::nodeId)
                .containsExactlyInAnyOrderElementsOf(expected.scope());
    }

    private NodeMatch match(NodeState state, ExecutionResult result) {
        return new NodeMatch(graph.node(state.nodeId()), flow.trace(state.nodeId()), state, result);
    }

    /** S19, S23: an execution that is not completed names a node whose failure can have been the first, and how it failed. */
    private static void mustSayWhy(OracleResult.Settled expected, ExecutionResult result) {
        if (result.status() == ExecutionStatus.COMPLETED) {
            assertThat(result.failure()).as("failure").isEmpty();
            return;
        }
        FlowException failure = result.failure().orElseThrow(() -> new AssertionError("no failure in " + result));
        assertThat(failure.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
        assertThat(failure.affectedNodes()).as("first failure").hasSize(1).isSubsetOf(expected.firstFailures());
        NodeState failed =
                result.snapshot().node(failure.affectedNodes().get(0)).orElseThrow();
        assertThat(failed.status()).as("status of the first that failed").isEqualTo(NodeStatus.FAILED);
        assertThat(failure.getCause())
                .as("cause")
                .hasMessage(failed.failure().map(FlowError::message).orElse(null));
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
            if (state.status() != NodeStatus.CANCELLED) {
                assertThat(positions.containsKey(state.nodeId()))
                        .as("start of %s", state.nodeId())
                        .isEqualTo(ran);
            }
        }
        graph.connections().forEach(connection -> {
            Integer from = positions.get(connection.from());
            Integer to = positions.get(connection.to());
            boolean waits = !flow.flow()
                            .node(connection.to())
                            .orElseThrow()
                            .shape()
                            .join()
                            .firesEarly()
                    && !connection.to().equals(graph.start().nodeId());
            if (from != null && to != null && waits) {
                assertThat(from)
                        .as("%s before %s", connection.from(), connection.to())
                        .isLessThan(to);
            }
        });
    }

    FlowExecution start() {
        flow.signals().on(engine);
        return new CaseStarts(graph, flow.flow()).on(engine);
    }
}
