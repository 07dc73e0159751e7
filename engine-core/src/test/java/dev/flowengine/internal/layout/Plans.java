package dev.flowengine.internal.layout;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.plan.Start;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Flows and plans of hand cases. */
final class Plans {
    private Plans() {}

    /** S5's own example: A → N1 → Out and B → N2 → N1, both into N1's main. */
    static Flow twoTriggers() {
        return node(
                        "Out",
                        node(
                                "N1",
                                node(
                                        "N2",
                                        Flow.definition("two-triggers")
                                                .trigger("A")
                                                .trigger("B"))))
                .connect("A", "N1")
                .connect("B", "N2")
                .connect("N2", "N1")
                .connect("N1", "Out")
                .build();
    }

    /** t → left and right, both needed by join; extra is optional and fed by t; late waits for right. */
    static Flow diamond() {
        FlowDefinition flow =
                node("right", node("left", Flow.definition("diamond").trigger("t")));
        flow.add(NodeDefinition.builder("join")
                .inputs(InputPort.required("l"), InputPort.required("r"), InputPort.optional("extra"))
                .body(context -> 1)
                .build());
        return node("late", flow)
                .connect("t", "left")
                .connect("t", "right")
                .connect(new Connection("left", "main", "join", "l"))
                .connect(new Connection("right", "main", "join", "r"))
                .connect(new Connection("t", "main", "join", "extra"))
                .connect("left", "late")
                .after("late", "right")
                .build();
    }

    static FlowDefinition node(String id, FlowDefinition flow) {
        return flow.add(NodeDefinition.builder(id).body(context -> 1).build());
    }

    static CompiledPlan compile(Flow flow, Start start, String... given) {
        return compile(flow, start, null, Set.of(given));
    }

    static CompiledPlan compile(Flow flow, Start start, @Nullable String upTo, Set<String> given) {
        return CompiledPlan.of(FlowIndex.of(flow), start, upTo == null ? null : new Target(upTo, true), given);
    }

    /** The targets of a node's edges and what each carries, such as {@code join.0 late.-1}. */
    static String edgesFrom(PlanLayout layout, String node) {
        int number = layout.numberOf(node);
        StringBuilder text = new StringBuilder();
        IntStream.range(layout.firstOut(number), layout.firstOut(number + 1)).forEach(out -> {
            int slot = layout.outSlot(out);
            text.append(layout.definition(layout.outTarget(out)).id())
                    .append(
                            slot == PlanLayout.ORDER_ONLY
                                    ? " (order) "
                                    : " (" + (slot - layout.firstSlot(number)) + ") ");
        });
        return text.toString().strip();
    }

    /** What feeds each gate of a node, in order, such as {@code [A, N2][]}. */
    static String gatesOf(PlanLayout layout, String node) {
        int number = layout.numberOf(node);
        StringBuilder text = new StringBuilder();
        for (int gate = layout.firstGate(number); gate < layout.firstGate(number + 1); gate++) {
            text.append(IntStream.range(layout.firstIn(gate), layout.firstIn(gate + 1))
                    .mapToObj(in -> layout.definition(layout.inSource(in)).id())
                    .toList());
        }
        return text.toString();
    }
}
