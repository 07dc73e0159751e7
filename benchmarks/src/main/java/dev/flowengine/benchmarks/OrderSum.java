package dev.flowengine.benchmarks;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.Output;

/** A flow as an application might write it: ten nodes of one to three inputs, each an addition. */
final class OrderSum {
    private final FlowBuilder builder = Flow.builder("order-sum");
    private final boolean cpuBound;
    private final TriggerRef<Integer> trigger = builder.trigger("order", Integer.class);
    private final Flow flow;

    OrderSum(boolean cpuBound) {
        this.cpuBound = cpuBound;
        NodeRef<Integer> items = plusOne("items", trigger);
        NodeRef<Integer> offer =
                sum("offer", plusOne("stock", items), plusOne("price", items), plusOne("customer", items));
        NodeRef<Integer> total =
                sum("total", plusOne("tax", offer), plusOne("discount", offer), plusOne("shipping", offer));
        plusOne("confirmation", total);
        this.flow = builder.build();
    }

    Flow flow() {
        return flow;
    }

    TriggerRef<Integer> trigger() {
        return trigger;
    }

    private NodeRef<Integer> plusOne(String id, Output<Integer> input) {
        return placed(builder.node(id, input, value -> value + 1));
    }

    private NodeRef<Integer> sum(String id, Output<Integer> a, Output<Integer> b, Output<Integer> c) {
        return placed(builder.node(id, a, b, c, (x, y, z) -> x + y + z));
    }

    private NodeRef<Integer> placed(NodeRef<Integer> node) {
        return cpuBound ? node.cpuBound() : node;
    }
}
