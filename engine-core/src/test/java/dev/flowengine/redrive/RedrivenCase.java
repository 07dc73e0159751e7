package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.execution.Redrive;
import dev.flowengine.execution.RedrivePlan;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.oracle.CaseNode;
import dev.flowengine.oracle.CaseStart;
import dev.flowengine.oracle.GraphCase;
import dev.flowengine.oracle.OracleResult;
import dev.flowengine.oracle.SettlementOracle;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a case that is disturbed, redrives it, and holds each execution against the rules. What the nodes of a redrive come
 * to is what they would in one execution in which each is disturbed, or not, as it was when it was decided last.
 */
final class RedrivenCase {
    private static final Set<NodeStatus> WRONG = EnumSet.of(NodeStatus.FAILED, NodeStatus.CANCELLED);

    private final GraphCase graph;
    private final FlowEngine engine;
    private final UnreliableFlow flow;
    private final Set<String> faulty = new TreeSet<>();

    RedrivenCase(GraphCase graph, FlowEngine engine) {
        this.graph = graph;
        this.engine = engine;
        this.flow = new UnreliableFlow(graph, id -> engine.cancel(id, "at random"));
    }

    /** Runs the case while some nodes fail, and others cancel it. */
    ExecutionResult run(Set<String> faults, Set<String> cancellers) {
        flow.inject(faults, cancellers);
        faulty.addAll(faults);
        ExecutionResult result = Runs.ended(start());
        mustHaveCalled(result, scope(result));
        mustMatch(result);
        return result;
    }

    /** Redrives an execution, from a node if one is named, and checks it; empty if there was nothing to do. */
    Optional<ExecutionResult> redrive(
            ExecutionResult before, Set<String> chosen, Set<String> faults, Set<String> cancellers) {
        flow.inject(faults, cancellers);
        Redrive redrive = engine.redrive(before.executionId());
        chosen.forEach(redrive::from);
        RedrivePlan plan = redrive.plan();
        Set<String> rerun = rerun(before, chosen);
        assertThat(plan.rerun()).as("rerun").containsExactlyElementsOf(inOrder(before, rerun, true));
        assertThat(plan.reused()).as("reused").containsExactlyElementsOf(inOrder(before, rerun, false));
        if (rerun.isEmpty()) {
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(redrive::start)
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE));
            return Optional.empty();
        }
        faulty.removeAll(rerun);
        faults.stream().filter(rerun::contains).forEach(faulty::add);
        ExecutionResult after = Runs.ended(redrive.start());
        assertThat(after.snapshot().redriveOf()).contains(before.executionId());
        mustHaveCalled(after, rerun);
        plan.reused().forEach(node -> mustBeTakenOver(node, before, after));
        mustMatch(after);
        return Optional.of(after);
    }

    /** What a node that is redriven may be chosen from: a body behind a pin is not called anyway. */
    List<String> choosable(ExecutionResult result) {
        return graph.nodes().stream()
                .map(CaseNode::id)
                .filter(scope(result)::contains)
                .filter(id -> !graph.pins().containsKey(id))
                .toList();
    }

    private FlowExecution start() {
        CaseStart start = graph.start();
        return switch (start.kind()) {
            case TRIGGER ->
                engine.executeFromTrigger(
                        flow.flow(), start.nodeId(), start.input().get(CaseStart.TRIGGER_DATA), options());
            case NODE -> engine.executeFromNode(flow.flow(), start.nodeId(), input(), options());
            case SINGLE -> engine.executeNode(flow.flow(), start.nodeId(), input(), options());
        };
    }

    private void mustMatch(ExecutionResult result) {
        boolean cancelled = result.status() == ExecutionStatus.CANCELLED;
        assertThat(cancelled).as("cancelled").isEqualTo(flow.hasCancelled());
        OracleResult expected = SettlementOracle.solve(asDisturbed());
        if (expected instanceof OracleResult.Settled settled) {
            mustMatch(settled, result, cancelled);
        } else if (expected instanceof OracleResult.Stopped stopped) {
            mustMatch(stopped.unhindered(), result, true);
        }
    }

    /** Every node comes to what the oracle says, or is left undone if the execution was cut short. */
    private void mustMatch(OracleResult.Settled expected, ExecutionResult result, boolean cutShort) {
        assertThat(scope(result)).as("nodes in scope").isEqualTo(expected.scope());
        for (NodeState state : result.snapshot().nodes()) {
            if (!cutShort || state.status() != NodeStatus.CANCELLED) {
                RedrivenNode.mustBe(expected.outcome(state.nodeId()), state, result);
            }
        }
        if (result.status() != ExecutionStatus.CANCELLED) {
            assertThat(result.status()).as("final status").isEqualTo(expected.status());
        }
    }

    /** The case with the faults its nodes had when they were decided last. */
    private GraphCase asDisturbed() {
        List<CaseNode> nodes = graph.nodes().stream()
                .map(node -> faulty.contains(node.id())
                        ? node.withBehaviour(node.behaviour().failing())
                        : node)
                .toList();
        return new GraphCase(
                graph.seed(),
                graph.settings(),
                nodes,
                graph.connections(),
                graph.orders(),
                graph.start(),
                graph.pins(),
                graph.skipDependencyCheck());
    }

    /** S29: of what is decided anew every body is called once for each of its attempts, and no other. */
    private void mustHaveCalled(ExecutionResult result, Set<String> decided) {
        List<String> expected = result.snapshot().nodes().stream()
                .filter(state -> decided.contains(state.nodeId()))
                .flatMap(state -> Collections.nCopies(state.attempt(), state.nodeId()).stream())
                .sorted()
                .toList();
        assertThat(flow.calls()).as("bodies called").isEqualTo(expected);
    }

    private static void mustBeTakenOver(String node, ExecutionResult before, ExecutionResult after) {
        NodeState old = Runs.node(before, node);
        NodeState state = Runs.node(after, node);
        assertThat(after.outputs(node)).as("outputs of %s", node).isEqualTo(before.outputs(node));
        assertThat(state.firedPorts()).as("ports of %s", node).isEqualTo(old.firedPorts());
        assertThat(state.handledFailure()).as("failure of %s", node).isEqualTo(old.handledFailure());
        assertThat(state.pinned()).as("pin of %s", node).isEqualTo(old.pinned());
        assertThat(state.reused()).as("reuse of %s", node).isNotEqualTo(old.pinned());
        if (state.reused()) {
            assertThat(state.decidedBy()).as("join of %s", node).isEqualTo(old.decidedBy());
        }
    }

    /** S29, from the states alone: what went wrong or was chosen, and everything downstream of it. */
    private Set<String> rerun(ExecutionResult before, Set<String> chosen) {
        Set<String> rerun = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(chosen);
        for (NodeState state : before.snapshot().nodes()) {
            if (WRONG.contains(state.status()) || state.skipReason().equals(Optional.of(SkipReason.UPSTREAM_FAILED))) {
                open.add(state.nodeId());
            }
        }
        while (!open.isEmpty()) {
            String node = open.remove();
            if (rerun.add(node)) {
                successors(node).filter(scope(before)::contains).forEach(open::add);
            }
        }
        return rerun;
    }

    private Stream<String> successors(String node) {
        return Stream.concat(
                graph.connections().stream()
                        .filter(wire -> wire.from().equals(node))
                        .map(wire -> wire.to()),
                graph.orders().stream()
                        .filter(order -> order.from().equals(node))
                        .map(order -> order.to()));
    }

    /** In declaration order, what is rerun, or what is not although it had completed. */
    private List<String> inOrder(ExecutionResult before, Set<String> rerun, boolean again) {
        return graph.nodes().stream()
                .map(CaseNode::id)
                .filter(scope(before)::contains)
                .filter(id -> rerun.contains(id) == again)
                .filter(id -> again || Runs.node(before, id).status() == NodeStatus.COMPLETED)
                .toList();
    }

    private static Set<String> scope(ExecutionResult result) {
        return result.snapshot().nodes().stream().map(NodeState::nodeId).collect(Collectors.toSet());
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
        graph.pins().forEach((node, ports) -> ports.forEach((port, value) -> options.pin(node, port, value)));
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
