package dev.flowengine.examples;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.InputSpec;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A trigger and layers of ten nodes below it. Each node adds up what two nodes of the layer before have put out.
 *
 * @param flow the flow
 * @param started where it starts, with a number to add up
 */
record LayeredFlow(Flow flow, TriggerRef<Long> started) {
    private static final int WIDTH = 10;
    private static final long MODULUS = 1_000_003;

    /** What a node does before it adds up. */
    @FunctionalInterface
    interface Work {
        void run(int node, NodeContext context) throws Exception;
    }

    /**
     * Builds the flow.
     *
     * @param version makes the flow one of its own
     * @param nodes how many, with the trigger
     * @param work what each does; the trigger, which does nothing, is node 0
     */
    static LayeredFlow of(String version, int nodes, Work work) {
        FlowBuilder f = Flow.builder("crash-recovery").version(version);
        TriggerRef<Long> started = f.trigger("start", Long.class);
        List<Output<Long>> all = new ArrayList<>();
        all.add(started);
        for (int node = 1; node < nodes; node++) {
            all.add(node(f, node, sources(all, node), work));
        }
        return new LayeredFlow(f.build(), started);
    }

    private static Output<Long> node(FlowBuilder f, int node, List<Output<Long>> sources, Work work) {
        return f.contextNode(
                        String.format(Locale.ROOT, "n-%03d", node),
                        InputSpec.of(sources.toArray(Output<?>[]::new)),
                        (inputs, context) -> {
                            work.run(node, context);
                            return sources.stream().mapToLong(inputs::get).sum() % MODULUS;
                        })
                .returns(Long.class);
    }

    private static List<Output<Long>> sources(List<Output<Long>> before, int node) {
        int place = (node - 1) % WIDTH;
        int layer = node - place - WIDTH;
        return layer < 1
                ? List.of(before.get(0))
                : List.of(before.get(layer + place), before.get(layer + (place + 1) % WIDTH));
    }
}
