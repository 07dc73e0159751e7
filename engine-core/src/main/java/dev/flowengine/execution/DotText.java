package dev.flowengine.execution;

import dev.flowengine.graph.NodeKind;
import java.util.stream.Collectors;

/** Writes a drawing in the DOT language of Graphviz. */
final class DotText {
    private final StringBuilder text = new StringBuilder();

    private DotText() {}

    static String of(Drawing drawing) {
        return new DotText().write(drawing);
    }

    private String write(Drawing drawing) {
        text.append("digraph flow {\n    node [style=filled]\n");
        for (int i = 0; i < drawing.boxes().size(); i++) {
            box(i, drawing.boxes().get(i));
        }
        drawing.lines().forEach(this::line);
        return text.append("}\n").toString();
    }

    private void box(int position, Drawing.Box box) {
        Drawing.Look look = box.look();
        String label = box.lines().stream().map(DotText::escape).collect(Collectors.joining("\\n"));
        text.append("    n").append(position).append(" [label=\"").append(label).append('"');
        text.append(", shape=").append(shape(box.kind()));
        text.append(", fillcolor=\"").append(look.fill()).append("\", color=\"").append(look.stroke());
        text.append("\", fontcolor=\"").append(look.text()).append("\"]\n");
    }

    private static String shape(NodeKind kind) {
        return switch (kind) {
            case TRIGGER -> "ellipse";
            case NODE -> "box";
            case BRANCH -> "diamond";
            case SUBFLOW -> "box3d";
            case LOOP -> "hexagon";
        };
    }

    private void line(Drawing.Line line) {
        text.append("    n").append(line.from()).append(" -> n").append(line.to());
        text.append(" [style=").append(style(line));
        if (!line.label().isEmpty()) {
            text.append(", label=\"").append(escape(line.label())).append('"');
        }
        text.append(colour(line)).append("]\n");
    }

    private static String style(Drawing.Line line) {
        if (line.order()) {
            return "dashed";
        }
        return switch (line.outcome()) {
            case TAKEN -> "bold";
            case NOT_TAKEN, FAILED, OUTSIDE -> "dotted";
            case OPEN, SUPPLIED -> "solid";
        };
    }

    private static String colour(Drawing.Line line) {
        return switch (line.outcome()) {
            case FAILED -> ", arrowhead=tee, color=\"" + Drawing.Look.FAILED.stroke() + "\"";
            case OUTSIDE -> ", color=\"" + Drawing.Look.OUTSIDE.stroke() + "\"";
            default -> "";
        };
    }

    private static String escape(String label) {
        StringBuilder escaped = new StringBuilder();
        label.codePoints().forEach(c -> escape(c, escaped));
        return escaped.toString();
    }

    private static void escape(int c, StringBuilder escaped) {
        switch (c) {
            case '"', '\\' -> escaped.append('\\').appendCodePoint(c);
            // Graphviz reads entities in labels.
            case '&' -> escaped.append("&amp;");
            case '\n' -> escaped.append("\\n");
            default -> escaped.appendCodePoint(Drawing.isUnprintable(c) ? ' ' : c);
        }
    }
}
