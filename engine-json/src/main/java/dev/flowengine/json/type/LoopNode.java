package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.node.LoopBody;
import dev.flowengine.node.LoopItem;
import dev.flowengine.node.LoopProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Repeats its body for the elements of a list, so many times, or while a condition holds. */
public final class LoopNode implements NodeType {
    private static final String EACH = "each";
    private static final String BATCH_SIZE = "batchSize";
    private static final String TIMES = "times";
    private static final String WHILE = "while";
    private static final String MAX_ITERATIONS = "maxIterations";

    @Override
    public String name() {
        return "loop";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        parameters.knows(EACH, BATCH_SIZE, TIMES, WHILE, MAX_ITERATIONS);
        LoopBody body = body(parameters);
        boolean limited = parameters.has(MAX_ITERATIONS);
        int most = limited ? parameters.integer(MAX_ITERATIONS, 1, Integer.MAX_VALUE) : body.maxIterations();
        return NodeDefinition.loop(nodeId, body.atMost(Math.max(1, most)));
    }

    private static LoopBody body(DataReader parameters) {
        Set<String> ways = parameters.names();
        ways.retainAll(Set.of(EACH, TIMES, WHILE));
        if (ways.size() > 1) {
            parameters.problem("should have one of each, times and while at most");
        }
        if (parameters.has(BATCH_SIZE) && !ways.isEmpty() && !ways.contains(EACH)) {
            parameters.problem(BATCH_SIZE, "is for a loop over a list");
        }
        if (ways.contains(TIMES)) {
            int times = parameters.integer(TIMES, 0, Integer.MAX_VALUE);
            return (context, progress) ->
                    progress.iterations() < times ? LoopItem.of(progress.iterations() + 1) : LoopItem.none();
        }
        if (ways.contains(WHILE)) {
            return asLongAs(Conditions.read(parameters.object(WHILE)));
        }
        DataPointer list = ways.contains(EACH) ? DataPointer.read(parameters, EACH) : new DataPointer(List.of());
        int size = parameters.has(BATCH_SIZE) ? parameters.integer(BATCH_SIZE, 1, Integer.MAX_VALUE) : 0;
        return (context, progress) -> element(list(list, context.input()), size, progress.iterations());
    }

    private static LoopBody asLongAs(Condition condition) {
        return (context, progress) -> {
            if (progress.iterations() > 0 && progress.results().isEmpty()) {
                return LoopItem.none();
            }
            Object state = state(context.input(), progress);
            return condition.holds(state) ? LoopItem.of(state) : LoopItem.none();
        };
    }

    private static @Nullable Object state(@Nullable Object first, LoopProgress progress) {
        return progress.iterations() == 0 ? first : progress.results().get(0);
    }

    static List<?> list(DataPointer pointer, @Nullable Object input) {
        Object found = pointer.findIn(input);
        if (found instanceof List<?> list) {
            return list;
        }
        String what = found == null || found == DataPointer.NOTHING
                ? "nothing"
                : "a value of " + found.getClass().getName();
        throw new IllegalArgumentException("what goes over the list at \"" + pointer + "\" of its input found " + what);
    }

    /** An element of a list or, if there is a size, a part of so many. */
    private static LoopItem element(List<?> list, int size, int iterations) {
        long first = (long) iterations * Math.max(1, size);
        if (first >= list.size()) {
            return LoopItem.none();
        }
        int from = (int) first;
        return size == 0
                ? LoopItem.of(list.get(from))
                : LoopItem.of(new ArrayList<>(list.subList(from, (int) Math.min(list.size(), first + size))));
    }
}
