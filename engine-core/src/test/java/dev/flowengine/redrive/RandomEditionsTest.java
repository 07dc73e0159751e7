package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.execution.Redrive;
import dev.flowengine.execution.RedrivePlan;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.RunOptions;
import dev.flowengine.oracle.CaseFailureMode;
import dev.flowengine.oracle.CaseGenerator;
import dev.flowengine.oracle.CaseStart;
import dev.flowengine.oracle.GraphCase;
import dev.flowengine.oracle.OracleResult;
import dev.flowengine.oracle.SettlementOracle;
import dev.flowengine.testing.Engines;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random flows of which another edition is made: with nodes configured otherwise, or one that lets go of outputs. A tenth of
 * {@code flowengine.test.seeds} says how many; a failure prints its seed, and {@code -Dflowengine.test.seed=N} runs that one alone.
 */
class RandomEditionsTest {
    private static final int SEEDS = Integer.getInteger("flowengine.test.seeds", 10_000) / 10;
    private static final Long ONLY_SEED = Long.getLong("flowengine.test.seed");

    private final Map<Sight, Integer> sights = new EnumMap<>(Sight.class);

    /** What another edition can come to. */
    private enum Sight {
        REDRIVEN,
        TAKEN_OVER,
        NOTHING_TO_DO,
        RELEASED,
        NOT_RELEASED
    }

    @Test
    @DisplayName(
            "S29 S16 a redrive on an edition with changed nodes runs what its plan says and comes to what a new execution would")
    void a_redrive_comes_to_what_a_new_execution_would() {
        seeds(this::redrive);
        seen(Sight.REDRIVEN, Sight.TAKEN_OVER, Sight.NOTHING_TO_DO);
    }

    @Test
    @DisplayName(
            "S46 S16 a flow that lets go of outputs comes to the same, and holds at its end what nobody read or what is kept")
    void what_is_held_at_the_end_is_what_nobody_read() {
        seeds(this::release);
        seen(Sight.RELEASED, Sight.NOT_RELEASED);
    }

    private void redrive(GraphCase graph, FlowEngine engine) {
        SplittableRandom random = new SplittableRandom(graph.seed());
        UnreliableFlow original = new UnreliableFlow(graph, id -> {});
        ExecutionResult first = run(graph, original.flow(), engine);
        Set<String> changed = original.flow().nodes().stream()
                .filter(node -> node.body().isPresent() && random.nextInt(8) == 0)
                .map(NodeDefinition::id)
                .collect(Collectors.toSet());
        Set<String> called = ConcurrentHashMap.newKeySet();
        Flow newer = edition(original.flow(), node -> changing(node, changed.contains(node.id()), called));

        Redrive redrive = engine.redrive(first.executionId(), newer);
        RedrivePlan plan = redrive.plan();
        assertThat(plan.reasons()).extracting(reason -> reason.nodeId()).isEqualTo(plan.rerun());
        if (plan.rerun().isEmpty()) {
            saw(Sight.NOTHING_TO_DO);
            return;
        }
        ExecutionResult second = Runs.ended(redrive.start());
        assertThat(plan.rerun()).as("bodies called").containsAll(called);
        for (NodeState state : second.snapshot().nodes()) {
            assertThat(state.reused() || (state.pinned() && !plan.rerun().contains(state.nodeId())))
                    .as("%s is taken over", state.nodeId())
                    .isEqualTo(plan.reused().contains(state.nodeId()));
        }
        saw(Sight.REDRIVEN);
        if (!plan.reused().isEmpty()) {
            saw(Sight.TAKEN_OVER);
        }
        mustBeAlike(second, run(graph, newer, engine), id -> true);
    }

    private void release(GraphCase graph, FlowEngine engine) {
        UnreliableFlow original = new UnreliableFlow(graph, id -> {});
        Flow releasing = releasing(original.flow());
        ExecutionResult first = run(graph, original.flow(), engine);
        ExecutionResult second = run(graph, releasing, engine);
        Set<String> scope = Set.copyOf(second.snapshot().plan().scope());
        Predicate<String> isRead = id -> releasing.graph().connections().stream()
                        .anyMatch(wire -> wire.from().equals(id) && counts(graph, scope, wire.to()))
                || releasing.graph().orderDependencies().stream()
                        .anyMatch(order -> order.from().equals(id) && counts(graph, scope, order.to()));
        for (NodeState state : second.snapshot().nodes()) {
            boolean gone = state.status() == NodeStatus.COMPLETED
                    && !state.firedPorts().isEmpty()
                    && isRead.test(state.nodeId());
            assertThat(isGone(second, state)).as("%s is gone", state.nodeId()).isEqualTo(gone);
            saw(gone ? Sight.RELEASED : Sight.NOT_RELEASED);
        }
        mustBeAlike(second, first, isRead.negate());
    }

    /** Connections into the node an execution begins with are cut. */
    private static boolean counts(GraphCase graph, Set<String> scope, String target) {
        return scope.contains(target) && !target.equals(graph.start().nodeId());
    }

    private static boolean isGone(ExecutionResult result, NodeState state) {
        if (state.status() != NodeStatus.COMPLETED) {
            return false;
        }
        try {
            result.outputs(state.nodeId());
            return false;
        } catch (FlowException gone) {
            assertThat(gone).hasMessageContaining("releaseOutputs()");
            return true;
        }
    }

    private static void mustBeAlike(ExecutionResult actual, ExecutionResult expected, Predicate<String> isHeld) {
        assertThat(actual.status()).as("status").isEqualTo(expected.status());
        for (NodeState state : expected.snapshot().nodes()) {
            String id = state.nodeId();
            NodeState other = Runs.node(actual, id);
            assertThat(other.status()).as("status of %s", id).isEqualTo(state.status());
            assertThat(other.skipReason()).as("reason of %s", id).isEqualTo(state.skipReason());
            if (state.status() == NodeStatus.COMPLETED && isHeld.test(id)) {
                assertThat(actual.outputs(id).asMap().keySet())
                        .as("ports of %s", id)
                        .isEqualTo(expected.outputs(id).asMap().keySet());
                expected.outputs(id).asMap().forEach((port, value) -> {
                    if (value instanceof String) {
                        assertThat(actual.outputs(id).asMap().get(port))
                                .as("value of %s.%s", id, port)
                                .isEqualTo(value);
                    }
                });
            }
        }
    }

    private static Flow edition(Flow flow, UnaryOperator<NodeDefinition> how) {
        return copy(flow, how).version("2").build();
    }

    private static Flow releasing(Flow flow) {
        return copy(flow, UnaryOperator.identity()).releaseOutputs().build();
    }

    private static FlowDefinition copy(Flow flow, UnaryOperator<NodeDefinition> how) {
        FlowDefinition copy =
                Flow.definition(flow.id()).failureMode(flow.failureMode()).retry(flow.retry());
        flow.nodes().forEach(node -> copy.add(how.apply(node)));
        flow.graph().connections().forEach(copy::connect);
        flow.graph().orderDependencies().forEach(order -> copy.after(order.to(), order.from()));
        return copy;
    }

    /** Notes its calls; if it is to be another one, it has a parameter that it had not, and emits other values. */
    private static NodeDefinition changing(NodeDefinition node, boolean changed, Set<String> called) {
        if (!(node.body().orElse(null) instanceof EmittingBody body)) {
            return node;
        }
        NodeDefinition.Builder builder = node.toBuilder();
        builder.anyBody((EmittingBody) (context, emitter) -> {
            called.add(node.id());
            body.run(context, (port, value) -> emitter.emit(port, changed ? value + "'" : value));
        });
        return (changed ? builder.type("changed", Map.of("edition", 2)) : builder).build();
    }

    private static ExecutionResult run(GraphCase graph, Flow flow, FlowEngine engine) {
        RunOptions.Builder options = RunOptions.builder();
        graph.pins().forEach((node, ports) -> ports.forEach((port, value) -> options.pin(node, port, value)));
        options.skipDependencyCheck();
        Object data = graph.start().input().get(CaseStart.TRIGGER_DATA);
        return Runs.ended(engine.executeFromTrigger(flow, graph.start().nodeId(), data, options.build()));
    }

    private void seeds(Check check) {
        List<FlowEngine> engines = List.of(Engines.withThreads(1), Engines.withThreads(2), Engines.withThreads(8));
        long first = ONLY_SEED == null ? 0 : ONLY_SEED;
        long end = ONLY_SEED == null ? SEEDS : ONLY_SEED + 1;
        try {
            for (long seed = first; seed < end; seed++) {
                GraphCase graph = CaseGenerator.generate(seed);
                if (isDetermined(graph)) {
                    check(graph, engines.get((int) (seed % engines.size())), check);
                }
            }
        } finally {
            engines.forEach(FlowEngine::close);
        }
    }

    private static void check(GraphCase graph, FlowEngine engine, Check check) {
        try {
            check.of(graph, engine);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + graph.seed() + " (replay with -Dflowengine.test.seed=" + graph.seed() + "): "
                            + e.getMessage() + "\n" + graph,
                    e);
        }
    }

    /** Whether every execution of the case comes to the same: joins that fire early see what comes first. */
    private static boolean isDetermined(GraphCase graph) {
        return graph.start().kind() == CaseStart.Kind.TRIGGER
                && graph.settings().failureMode() != CaseFailureMode.FAIL_FAST
                && graph.nodes().stream()
                        .noneMatch(node -> Set.of("ANY_SUCCESS", "AT_LEAST", "ANY_FAILED")
                                .contains(node.join().name()))
                && !(SettlementOracle.solve(graph) instanceof OracleResult.Refused);
    }

    private void saw(Sight sight) {
        sights.merge(sight, 1, Integer::sum);
    }

    private void seen(Sight... wanted) {
        if (SEEDS >= 1_000 && ONLY_SEED == null) {
            assertThat(sights).as("what was seen").containsKeys(wanted);
        }
    }

    /** What is asked of a case. */
    private interface Check {
        void of(GraphCase graph, FlowEngine engine);
    }
}
