package dev.flowengine.examples;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.Output;

/**
 * Two aisles side by side, whose shelves are counted one after the other, and the sum of both: enough nodes to stop in the
 * middle of.
 *
 * @param flow the flow
 * @param opened where it starts, with what was counted before
 * @param total what it comes to
 */
record StocktakingFlow(Flow flow, TriggerRef<Integer> opened, NodeRef<Integer> total) {

    /**
     * Builds the flow.
     *
     * @param shelves in each aisle, at least 1
     * @param clerk counts them
     */
    static StocktakingFlow of(int shelves, Clerk clerk) {
        FlowBuilder f = Flow.builder("stocktaking").version("1");
        TriggerRef<Integer> opened = f.trigger("open", Integer.class);
        Output<Integer> left = opened;
        Output<Integer> right = opened;
        for (int shelf = 1; shelf <= shelves; shelf++) {
            left = f.contextNode("left-" + shelf, left, (sum, context) -> sum + clerk.count(context));
            right = f.contextNode("right-" + shelf, right, (sum, context) -> sum + clerk.count(context));
        }
        NodeRef<Integer> total = f.node("total", left, right, Integer::sum);
        return new StocktakingFlow(f.build(), opened, total);
    }
}
