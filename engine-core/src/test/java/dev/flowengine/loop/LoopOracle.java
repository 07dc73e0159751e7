package dev.flowengine.loop;

import dev.flowengine.loop.LoopCase.Kind;
import dev.flowengine.loop.LoopCase.Node;
import dev.flowengine.loop.LoopCase.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the rules say becomes of a case, by going through it one node after the other as a person would. */
final class LoopOracle {
    /** What bodies are called with. */
    final List<String> calls = new ArrayList<>();
    /** Whether anything failed that nothing handled. */
    boolean failed;

    /** Which items of the maps that lie in no body have completed. */
    final Map<String, List<Integer>> completedItems = new HashMap<>();

    private final LoopCase random;
    private final Map<Source, Outcome> outcomes = new HashMap<>();

    private LoopOracle(LoopCase random) {
        this.random = random;
    }

    static LoopOracle solve(LoopCase random, int data) {
        LoopOracle oracle = new LoopOracle(random);
        oracle.outcomes.put(random.trigger.main(), new Outcome(Way.TAKEN, data));
        oracle.failed = oracle.run(random.nodes, "");
        return oracle;
    }

    /** What came of an output outside any loop. */
    @Nullable
    Integer value(Source source) {
        Outcome outcome = outcome(source);
        return outcome.way == Way.TAKEN ? outcome.value : null;
    }

    private enum Way {
        TAKEN,
        NOT_TAKEN,
        FAILED
    }

    private record Outcome(Way way, int value) {
        static final Outcome NOT_TAKEN = new Outcome(Way.NOT_TAKEN, 0);
        static final Outcome FAILED = new Outcome(Way.FAILED, 0);
    }

    /** Runs nodes once, which come after what they depend on; true if any has failed. */
    private boolean run(List<Node> nodes, String path) {
        boolean anyFailed = false;
        for (Node node : nodes) {
            anyFailed |= run(node, path);
        }
        return anyFailed;
    }

    private boolean run(Node node, String path) {
        List<Outcome> inputs = node.inputs.stream().map(this::outcome).toList();
        boolean upstreamFailed = inputs.stream().anyMatch(input -> input.way == Way.FAILED)
                || (node.kind == Kind.LOOP && outside(node).stream().anyMatch(each -> outcome(each).way == Way.FAILED));
        boolean runs = node.kind == Kind.MERGE
                ? inputs.stream().anyMatch(input -> input.way == Way.TAKEN)
                : inputs.stream().allMatch(input -> input.way == Way.TAKEN);
        if (upstreamFailed || !runs) {
            settle(node, upstreamFailed ? Outcome.FAILED : Outcome.NOT_TAKEN);
            return false;
        }
        List<Integer> values = inputs.stream()
                .filter(input -> input.way == Way.TAKEN)
                .map(Outcome::value)
                .toList();
        Outcome outcome = switch (node.kind) {
            case VALUE -> call(node, values, path);
            case LOOP -> repeat(node, values.get(0), path);
            default -> new Outcome(Way.TAKEN, values.get(0));
        };
        settle(node, outcome);
        return outcome.way == Way.FAILED;
    }

    private Outcome call(Node node, List<Integer> values, String path) {
        String call = node.id + (path.isEmpty() ? "" : "/" + path) + values;
        calls.add(call);
        if (random.isBroken(node.id, call)) {
            return Outcome.FAILED;
        }
        try {
            return new Outcome(Way.TAKEN, LoopCase.value(node.id, values));
        } catch (IllegalStateException failure) {
            return node.fallback ? new Outcome(Way.TAKEN, -1) : Outcome.FAILED;
        }
    }

    private Outcome repeat(Node loop, int value, String path) {
        int sum = 0;
        int pass = 0;
        boolean ends = false;
        for (int item : LoopCase.items(value)) {
            if (ends) {
                break;
            }
            outcomes.put(loop.item.main(), new Outcome(Way.TAKEN, item));
            pass++;
            if (run(loop.body, path.isEmpty() ? "" + pass : path + "." + pass)) {
                if (loop.lanes > 1) {
                    // A map that tolerates it: the item adds nothing.
                    continue;
                }
                return loop.fallback ? new Outcome(Way.TAKEN, -1) : Outcome.FAILED;
            }
            if (path.isEmpty() && loop.lanes > 0) {
                completedItems
                        .computeIfAbsent(loop.id, any -> new ArrayList<>())
                        .add(pass);
            }
            sum += outcome(loop.result).way == Way.TAKEN ? outcome(loop.result).value : 0;
            ends = loop.sign != null && outcome(loop.sign).way == Way.TAKEN;
        }
        return new Outcome(Way.TAKEN, sum);
    }

    private void settle(Node node, Outcome outcome) {
        if (node.kind == Kind.BRANCH && outcome.way == Way.TAKEN) {
            boolean even = outcome.value % 2 == 0;
            outcomes.put(new Source(node, "even"), even ? outcome : Outcome.NOT_TAKEN);
            outcomes.put(new Source(node, "odd"), even ? Outcome.NOT_TAKEN : outcome);
        } else {
            outcomes.put(new Source(node, "even"), outcome);
            outcomes.put(new Source(node, "odd"), outcome);
            outcomes.put(node.main(), outcome);
        }
    }

    /** What feeds the body of a loop from outside. */
    private static Set<Source> outside(Node loop) {
        Set<Node> inside = new HashSet<>();
        Set<Source> used = new HashSet<>();
        collect(loop, inside, used);
        used.removeIf(source -> inside.contains(source.node()));
        return used;
    }

    private static void collect(Node loop, Set<Node> inside, Set<Source> used) {
        inside.add(loop.item);
        for (Node node : loop.body) {
            inside.add(node);
            used.addAll(node.inputs);
            if (node.kind == Kind.LOOP) {
                collect(node, inside, used);
            }
        }
    }

    private Outcome outcome(Source source) {
        return outcomes.getOrDefault(source, Outcome.NOT_TAKEN);
    }
}
