package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.RunOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random flows that went through JSON, run beside their originals. {@code -Dflowengine.test.seed=N} runs one seed alone.
 */
class RoundTripTest {
    private static final int SEEDS = 1_200;
    private static final Long ONLY_SEED = Long.getLong("flowengine.test.seed");
    private static final Object DATA = Map.of("v0", 3, "v1", "text");

    private final Map<Object, Integer> seen = new TreeMap<>();
    private int compared;

    @Test
    void a_flow_that_went_through_json_runs_like_its_original() throws InterruptedException {
        long first = ONLY_SEED == null ? 0 : ONLY_SEED;
        long end = ONLY_SEED == null ? SEEDS : ONLY_SEED + 1;
        try (FlowEngine engine = FlowEngine.create()) {
            for (long seed = first; seed < end; seed++) {
                try {
                    compare(RandomFlows.of(seed), engine);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("seed " + seed + " (replay with -Dflowengine.test.seed=" + seed + ")", e);
                }
            }
        }
        if (ONLY_SEED == null) {
            assertThat(compared).isGreaterThan(1_000);
            assertThat(seen).containsOnlyKeys("COMPLETED", "FAILED", "SKIPPED", "handled", "repeated");
            assertThat(seen.values()).allMatch(count -> count > SEEDS / 10);
        }
    }

    private void compare(Flow original, FlowEngine engine) throws InterruptedException {
        String json = FlowJson.write(original);
        Flow copy = FlowJson.read(json, RandomFlows.TYPES);

        assertThat(FlowJson.write(copy)).isEqualTo(json);
        assertThat(copy.graph().nodes()).isEqualTo(original.graph().nodes());
        assertThat(copy.graph().connections()).isEqualTo(original.graph().connections());
        assertThat(Set.copyOf(copy.graph().orderDependencies()))
                .isEqualTo(Set.copyOf(original.graph().orderDependencies()));
        assertThat(settings(copy)).isEqualTo(settings(original));
        if (RandomFlows.isRacing(original)) {
            return;
        }
        compared++;
        for (String trigger : original.triggers()) {
            ExecutionResult expected = run(original, trigger, engine);
            ExecutionResult actual = run(copy, trigger, engine);
            assertThat(states(actual)).isEqualTo(states(expected));
            assertThat(actual.status()).isEqualTo(expected.status());
            count(expected);
        }
    }

    /** Everything that is said about how nodes are run; a trigger need not say its type. */
    private static List<Object> settings(Flow flow) {
        List<Object> settings = new ArrayList<>();
        settings.add(List.of(flow.id(), flow.version(), flow.failureMode()));
        settings.add(List.of(
                flow.timeouts().attempt(),
                flow.timeouts().node(),
                flow.timeouts().execution(),
                flow.redrive().maxRedrives(),
                flow.redrive().delay(),
                flow.releasesOutputs()));
        settings.add(settings(flow.retry()));
        settings.add(List.of(
                flow.compensation().isOnFailure(),
                flow.compensation().isOnCancel(),
                flow.compensation().timeout(),
                flow.compensation().attemptTimeout(),
                settings(flow.compensation().retry())));
        for (NodeDefinition node : flow.nodes()) {
            settings.add(List.of(
                    node.type().orElse("trigger"),
                    node.parameters(),
                    node.isKept(),
                    node.isAtMostOnce(),
                    node.isDisabled(),
                    node.disabledOutput(),
                    node.errorHandling(),
                    node.timeout(),
                    node.nodeTimeout(),
                    node.maxOutputBytes(),
                    node.retry().map(RoundTripTest::settings)));
        }
        return settings;
    }

    private static List<Object> settings(RetryPolicy retry) {
        return List.of(retry.maxAttempts(), retry.backoff(), retry.cap(), retry.jitter());
    }

    private static ExecutionResult run(Flow flow, String trigger, FlowEngine engine) throws InterruptedException {
        RunOptions options = RunOptions.builder().skipDependencyCheck().build();
        return engine.executeFromTrigger(flow, trigger, DATA, options).await();
    }

    private static Map<String, Object> states(ExecutionResult result) {
        Map<String, Object> states = new LinkedHashMap<>();
        for (NodeState node : result.snapshot().nodes()) {
            states.put(
                    node.nodeId(),
                    List.of(
                            node.status(),
                            node.skipReason(),
                            node.firedPorts(),
                            node.attempt(),
                            node.failure().map(FlowError::summary),
                            node.handledFailure().map(FlowError::summary),
                            node.status() == NodeStatus.COMPLETED ? outputs(result, node.nodeId()) : "none"));
        }
        return states;
    }

    /** Without the stacks of failures, which differ from run to run. */
    private static String outputs(ExecutionResult result, String node) {
        return result.outputs(node).asMap().entrySet().stream()
                .map(output -> output.getKey() + "="
                        + (output.getValue() instanceof FlowError error ? error.summary() : output.getValue()))
                .map(text -> text.replaceAll("stackText=.*?, nodeId", "nodeId"))
                .collect(Collectors.joining(", "));
    }

    private void count(ExecutionResult result) {
        for (NodeState node : result.snapshot().nodes()) {
            if (node.status() != NodeStatus.CANCELLED) {
                seen.merge(node.status().name(), 1, Integer::sum);
            }
            if (node.handledFailure().isPresent()) {
                seen.merge("handled", 1, Integer::sum);
            }
            if (node.attempt() > 1) {
                seen.merge("repeated", 1, Integer::sum);
            }
        }
    }
}
