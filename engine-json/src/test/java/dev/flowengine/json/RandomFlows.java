package dev.flowengine.json;

import dev.flowengine.extension.NodeTypes;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.InvalidFlowException;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RedrivePolicy;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.Timeouts;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.NodeKind;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Random flows of every type and policy that is data, put together by a program. */
final class RandomFlows {
    static final NodeTypes TYPES = NodeTypes.builder()
            .installed()
            .add(new TagNode())
            .add(new KeenNode())
            .build();

    private static final List<String> KINDS =
            List.of("if", "switch", "merge", "set", "collect", "stop", "wait", "signal", "tag", "tag", "keen");
    private static final List<JoinRule> JOINS = List.of(
            JoinRule.DEFAULT,
            JoinRule.ALL_SUCCESS,
            JoinRule.NONE_FAILED,
            JoinRule.NONE_FAILED_MIN_ONE_SUCCESS,
            JoinRule.ALL_DONE,
            JoinRule.ALL_DONE_MIN_ONE_SUCCESS,
            JoinRule.ALL_FAILED);
    private static final List<JoinRule> EARLY = List.of(JoinRule.ANY_SUCCESS, JoinRule.ANY_FAILED, JoinRule.atLeast(1));
    private static final List<Object> DATA = List.of(
            1, -7, 1L << 40, new BigDecimal("2.50"), "text \"ä\u2028", true, List.of(), Map.of("a", List.of(1)));

    private final Dice dice;
    private final boolean racing;
    private final FlowDefinition flow;
    private final List<NodeDefinition> nodes = new ArrayList<>();

    private RandomFlows(long seed, int attempt) {
        this.dice = new Dice(seed * 31 + attempt);
        this.racing = dice.chance(0.1);
        this.flow = Flow.definition("random-" + seed).version("v" + dice.below(9));
    }

    /** The flow of a seed, always the same: what validation refuses, such as joins that never fire, is drawn again. */
    static Flow of(long seed) {
        for (int attempt = 0; ; attempt++) {
            try {
                return new RandomFlows(seed, attempt).flow();
            } catch (InvalidFlowException refused) {
                if (attempt == 50) {
                    throw refused;
                }
            }
        }
    }

    /** Whether what a run comes to depends on which node is faster: at the first failure, and where joins fire early. */
    static boolean isRacing(Flow flow) {
        return flow.failureMode() == FailureMode.FAIL_FAST;
    }

    private Flow flow() {
        settings();
        int triggers = 1 + dice.below(3);
        for (int i = 0; i < triggers; i++) {
            add(
                    dice.chance(0.5)
                            ? NodeDefinition.trigger("t" + i)
                            : define("t" + i, "trigger", Map.of()).build());
        }
        int size = 2 + dice.below(18);
        for (int i = 0; i < size; i++) {
            node("n" + i);
        }
        return flow.build();
    }

    private void settings() {
        flow.failureMode(
                racing
                        ? FailureMode.FAIL_FAST
                        : dice.pick(List.of(FailureMode.ISOLATE_BRANCH, FailureMode.SKIP_FAILED_BRANCH)));
        if (dice.chance(0.3)) {
            flow.timeouts(Timeouts.none().attempt(Duration.ofHours(1)).execution(Duration.ofDays(2)));
        }
        if (dice.chance(0.3)) {
            flow.retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(2));
        }
        if (dice.chance(0.1)) {
            flow.compensate(dice.pick(List.of(
                    CompensationPolicy.onCancel(),
                    CompensationPolicy.always().timeout(Duration.ofDays(1)),
                    CompensationPolicy.onFailure().retry(RetryPolicy.none()))));
        }
        if (dice.chance(0.1)) {
            flow.redrive(RedrivePolicy.upTo(2, Duration.ofDays(1)));
        }
    }

    private void node(String id) {
        List<NodeDefinition> before = List.copyOf(nodes);
        NodeDefinition node = policies(define(id, dice.pick(KINDS)));
        for (InputPort port : node.shape().inputs()) {
            int count = port.required() ? 1 + dice.below(3) : dice.below(2);
            for (int i = 0; i < count; i++) {
                NodeDefinition from = dice.pick(before);
                flow.connect(new Connection(from.id(), dice.pick(ports(from)), id, port.name()));
            }
        }
        if (dice.chance(0.15)) {
            flow.after(id, dice.pick(before).id());
        }
        add(node);
    }

    private static List<String> ports(NodeDefinition node) {
        return node.errorHandling().equals(ErrorHandling.ERROR_OUTPUT)
                ? Stream.concat(node.shape().outputs().stream(), Stream.of("error", "error"))
                        .toList()
                : node.shape().outputs();
    }

    private void add(NodeDefinition node) {
        nodes.add(node);
        flow.add(node);
    }

    private NodeDefinition policies(NodeDefinition.Builder node) {
        if (dice.chance(0.25)) {
            node.join(dice.pick(racing && dice.chance(0.4) ? EARLY : JOINS));
        }
        if (dice.chance(0.3)) {
            node.retry(retry());
        }
        if (dice.chance(0.1)) {
            node.timeout(Duration.ofHours(1)).nodeTimeout(Duration.ofHours(2)).maxOutputBytes(1 << 20);
        }
        if (dice.chance(0.5)) {
            boolean decides = node.build().shape().kind() == NodeKind.BRANCH;
            node.onError(dice.pick(
                    decides
                            ? List.of(ErrorHandling.FAIL, ErrorHandling.ERROR_OUTPUT)
                            : List.of(
                                    ErrorHandling.CONTINUE,
                                    ErrorHandling.ERROR_OUTPUT,
                                    ErrorHandling.fallback(dice.pick(DATA)),
                                    ErrorHandling.fallback(null))));
        }
        if (dice.chance(0.1)) {
            node.keep();
        }
        if (dice.chance(0.1) && node.build().retry().isEmpty()) {
            node.atMostOnce();
        }
        if (dice.chance(0.1)) {
            node.disabled();
        } else if (dice.chance(0.1)) {
            node.disabledOutput(dice.chance(0.5) ? null : dice.pick(DATA));
        }
        return node.build();
    }

    private RetryPolicy retry() {
        RetryPolicy policy = dice.chance(0.5)
                ? RetryPolicy.fixed(Duration.ofNanos(dice.below(2)))
                : RetryPolicy.exponential(Duration.ofNanos(dice.below(5)), 1 + dice.below(3) / 2.0);
        if (dice.chance(0.4)) {
            policy = policy.cap(Duration.ofNanos(100)).jitter(dice.below(5) / 4.0);
        }
        return policy.maxAttempts(1 + dice.below(4));
    }

    private NodeDefinition.Builder define(String id, String type) {
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        switch (type) {
            case "if" -> parameters.putAll(condition(0));
            case "switch" -> {
                parameters.put("cases", List.of(oneCase("a"), oneCase("b")));
                if (dice.chance(0.5)) {
                    parameters.put("otherwise", "c");
                }
            }
            case "set" -> {
                parameters.put("values", Map.of("/v" + dice.below(3), dice.pick(DATA)));
                parameters.put("remove", List.of("/v" + dice.below(3)));
            }
            case "wait" -> parameters.put("for", "PT0.001S");
            case "signal" -> parameters.put("deadline", "PT0.001S");
            case "stop" -> parameters.put("message", "stopped by " + id);
            case "tag" -> {
                parameters.put("label", id);
                parameters.put("failures", dice.chance(0.3) ? dice.below(4) : 0);
                parameters.put("side", dice.chance(0.3));
            }
            default -> {
                // Takes none.
            }
        }
        return define(id, type, parameters);
    }

    private Map<String, Object> oneCase(String port) {
        return Map.of("output", port, "when", condition(0));
    }

    private Map<String, Object> condition(int depth) {
        if (depth < 3 && dice.chance(0.3)) {
            return dice.chance(0.5)
                    ? Map.of("not", condition(depth + 1))
                    : Map.of(dice.chance(0.5) ? "and" : "or", List.of(condition(depth + 1), condition(depth + 1)));
        }
        Map<String, Object> test = new LinkedHashMap<>();
        test.put("field", dice.pick(List.of("", "/v0", "/v1", "/0", "/message")));
        switch (dice.below(5)) {
            case 0 -> test.put("equals", dice.pick(DATA));
            case 1 -> test.put("above", dice.below(5));
            case 2 -> test.put("in", List.of(dice.pick(DATA), dice.pick(DATA)));
            case 3 -> test.put("exists", dice.chance(0.5));
            default -> test.put("empty", dice.chance(0.5));
        }
        return test;
    }

    private static NodeDefinition.Builder define(String id, String type, Map<String, @Nullable Object> parameters) {
        return TYPES.define(id, type, parameters);
    }
}
