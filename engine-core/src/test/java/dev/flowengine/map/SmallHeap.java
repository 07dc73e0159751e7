package dev.flowengine.map;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.Items;
import dev.flowengine.testing.Engines;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** One wide execution, whose end it tells. */
final class SmallHeap {
    private static final int ITEMS = 100_000;
    private static final int WIDTH = 10_000;
    /** All of them together are more than the process may have. */
    private static final int ITEM_BYTES = 1_024;

    private SmallHeap() {}

    /** Runs what it is told to run. */
    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        try (FlowEngine engine = Engines.create()) {
            out.println(arguments[0].equals("items") ? items(engine) : fanIn(engine));
        }
    }

    private static String items(FlowEngine engine) throws InterruptedException {
        FlowBuilder f = Flow.builder("items");
        TriggerRef<Integer> count = f.trigger("count", Integer.class);
        MapRef<Void> each = f.<Integer, byte[], Void>mapOver(
                "each", count, n -> Items.of(IntStream.range(0, n).mapToObj(i -> new byte[ITEM_BYTES])), item -> {
                    f.action("work", f.node("copy", item, byte[]::clone), bytes -> {});
                    return null;
                });
        NodeRef<String> told =
                f.node("told", each.summary(), summary -> summary.items() + " items, " + summary.failed() + " failed");
        ExecutionResult end = engine.executeFromTrigger(f.build(), count, ITEMS).await();
        return end.output(told);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a node for each of so many handles
    private static String fanIn(FlowEngine engine) throws InterruptedException {
        FlowBuilder f = Flow.builder("fan-in");
        TriggerRef<Integer> t = f.trigger("t", Integer.class);
        NodeRef<Integer>[] sources = new NodeRef[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            int number = i;
            sources[i] = f.node("n" + i, t, n -> n + number);
        }
        NodeRef<List<Integer>> all = f.collect("all", sources);
        NodeRef<String> told = f.node("told", all, values -> values.size() + " values");
        return engine.executeFromTrigger(f.build(), t, 1).await().output(told);
    }
}
