package dev.flowengine.execution;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.FlowGraph;
import dev.flowengine.graph.GraphNode;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.OrderDependency;
import dev.flowengine.graph.Ports;
import dev.flowengine.model.NodeStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The boxes and lines of a diagram, before they are written in some language. Boxes are known by their position. */
final class Drawing {
    private final List<Box> boxes = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final Map<String, Integer> positions = new HashMap<>();

    private Drawing() {}

    /** Draws a structure. */
    static Drawing of(FlowGraph graph) {
        Drawing drawing = new Drawing();
        graph.nodes().forEach(node -> drawing.add(new Box(List.of(node.id()), node.kind(), Look.PLAIN)));
        drawing.connect(graph, connection -> ConnectionOutcome.OPEN, order -> ConnectionOutcome.OPEN);
        return drawing;
    }

    /** Draws an execution. */
    static Drawing of(ExecutionSnapshot snapshot) {
        Drawing drawing = new Drawing();
        Outcomes outcomes = new Outcomes(snapshot);
        snapshot.graph().nodes().forEach(node -> drawing.add(box(node, outcomes)));
        drawing.connect(snapshot.graph(), outcomes::of, outcomes::of);
        return drawing;
    }

    List<Box> boxes() {
        return boxes;
    }

    List<Line> lines() {
        return lines;
    }

    /** Whether a character cannot stand in a text, or not on one line: a control character or half of a pair. */
    static boolean isUnprintable(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE || c == 0x2028 || c == 0x2029;
    }

    private static Box box(GraphNode node, Outcomes outcomes) {
        NodeState state = outcomes.stateOf(node.id());
        if (state == null) {
            Look look = outcomes.isSupplied(node.id()) ? Look.SUPPLIED : Look.OUTSIDE;
            return new Box(List.of(node.id(), look.caption()), node.kind(), look);
        }
        return new Box(List.of(node.id(), caption(state)), node.kind(), Look.of(state.status()));
    }

    private static String caption(NodeState state) {
        String detail = state.skipReason().map(Enum::name).orElse("");
        if (state.pinned()) {
            detail = "pinned";
        } else if (state.attempt() > 1) {
            detail = "attempt " + state.attempt();
        }
        return state.status() + (detail.isEmpty() ? "" : " (" + detail + ")");
    }

    private void connect(
            FlowGraph graph,
            Function<Connection, ConnectionOutcome> outcome,
            Function<OrderDependency, ConnectionOutcome> orderOutcome) {
        for (Connection connection : graph.connections()) {
            int from = position(connection.from());
            int to = position(connection.to());
            lines.add(new Line(from, to, ports(connection), false, outcome.apply(connection)));
        }
        for (OrderDependency order : graph.orderDependencies()) {
            int from = position(order.from());
            int to = position(order.to());
            lines.add(new Line(from, to, "after", true, orderOutcome.apply(order)));
        }
    }

    private void add(Box box) {
        positions.putIfAbsent(box.lines().get(0), boxes.size());
        boxes.add(box);
    }

    /** A node that a connection names and the flow does not have gets a box all the same. */
    private int position(String nodeId) {
        if (!positions.containsKey(nodeId)) {
            add(new Box(List.of(nodeId, Look.MISSING.caption()), NodeKind.NODE, Look.MISSING));
        }
        return positions.getOrDefault(nodeId, 0);
    }

    private static String ports(Connection connection) {
        String from = connection.fromPort().equals(Ports.MAIN) ? "" : connection.fromPort();
        return connection.toPort().equals(Ports.MAIN) ? from : (from + " → " + connection.toPort()).strip();
    }

    /**
     * A node.
     *
     * @param lines what is written in it, its id first
     * @param kind its shape
     * @param look its colours
     */
    record Box(List<String> lines, NodeKind kind, Look look) {}

    /**
     * A connection or an order dependency.
     *
     * @param from position of the box it begins at
     * @param to position of the box it ends at
     * @param label what is written on it, or nothing
     * @param order whether it carries no value
     * @param outcome what became of it
     */
    record Line(int from, int to, String label, boolean order, ConnectionOutcome outcome) {
        boolean is(ConnectionOutcome expected) {
            return outcome == expected;
        }
    }

    /** How a box is coloured: by status, or by what it is instead. */
    enum Look {
        PLAIN("", "#ffffff", "#5f6368", "#202124"),
        IDLE("", "#ffffff", "#80868b", "#202124"),
        QUEUED("", "#fef7e0", "#f9ab00", "#202124"),
        RUNNING("", "#e8f0fe", "#1a73e8", "#202124"),
        WAITING("", "#f3e8fd", "#9334e6", "#202124"),
        COMPLETED("", "#e6f4ea", "#1e8e3e", "#202124"),
        FAILED("", "#fce8e6", "#d93025", "#202124"),
        SKIPPED("", "#e8eaed", "#80868b", "#202124"),
        CANCELLED("", "#fff3e0", "#e8710a", "#202124"),
        SUPPLIED("supplied", "#e4f7fb", "#12a4af", "#202124"),
        OUTSIDE("not in this execution", "#f8f9fa", "#dadce0", "#9aa0a6"),
        MISSING("not in the flow", "#ffffff", "#d93025", "#d93025");

        private final String caption;
        private final String fill;
        private final String stroke;
        private final String text;

        Look(String caption, String fill, String stroke, String text) {
            this.caption = caption;
            this.fill = fill;
            this.stroke = stroke;
            this.text = text;
        }

        static Look of(NodeStatus status) {
            return valueOf(status.name());
        }

        String caption() {
            return caption;
        }

        String fill() {
            return fill;
        }

        String stroke() {
            return stroke;
        }

        String text() {
            return text;
        }
    }
}
