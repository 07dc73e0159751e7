package dev.flowengine.execution;

import dev.flowengine.graph.NodeKind;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes a drawing as a Mermaid flowchart. */
final class MermaidText {
    /**
     * What means something to Mermaid, to the Markdown in its labels or to the HTML it makes of them. A colon is here
     * because Mermaid takes what follows one for a style in some lines.
     */
    private static final String SPECIAL = "\"#<>&`*~\\$%:;|[]{}@";

    /** What makes Markdown see the item of a list, or a line across. */
    private static final Pattern LIST_MARKER = Pattern.compile("^(?:[-+=]|[0-9]+[.)])");

    /** Within a word an underscore means nothing. */
    private static final Pattern LOOSE_UNDERSCORE = Pattern.compile("(?<![\\p{L}\\p{N}])_|_(?![\\p{L}\\p{N}])");

    private final Drawing drawing;
    private final StringBuilder text = new StringBuilder("flowchart TD\n");

    private MermaidText(Drawing drawing) {
        this.drawing = drawing;
    }

    static String of(Drawing drawing) {
        return new MermaidText(drawing).write();
    }

    private String write() {
        for (int i = 0; i < drawing.boxes().size(); i++) {
            box(i, drawing.boxes().get(i));
        }
        drawing.lines().forEach(this::line);
        looks();
        styles();
        return text.toString();
    }

    private void box(int position, Drawing.Box box) {
        String label = box.lines().stream().map(MermaidText::escape).collect(Collectors.joining("<br/>"));
        text.append("    n").append(position).append(shape(box.kind(), "\"" + label + "\""));
        text.append(box.look() == Drawing.Look.PLAIN ? "\n" : ":::" + name(box.look()) + "\n");
    }

    private static String shape(NodeKind kind, String label) {
        return switch (kind) {
            case TRIGGER -> "([" + label + "])";
            case NODE -> "[" + label + "]";
            case BRANCH -> "{" + label + "}";
            case SUBFLOW -> "[[" + label + "]]";
            case LOOP -> "{{" + label + "}}";
        };
    }

    private void line(Drawing.Line line) {
        String label = line.label().isEmpty() ? "" : "|\"" + escape(line.label()) + "\"|";
        text.append("    n").append(line.from()).append(' ').append(arrow(line)).append(label);
        text.append(" n").append(line.to()).append('\n');
    }

    private static String arrow(Drawing.Line line) {
        return switch (line.outcome()) {
            case TAKEN -> line.order() ? "-.->" : "==>";
            case NOT_TAKEN, OUTSIDE -> "-.->";
            case FAILED -> "-.-x";
            case OPEN, SUPPLIED -> line.order() ? "-.->" : "-->";
        };
    }

    private void looks() {
        Set<Drawing.Look> looks = EnumSet.noneOf(Drawing.Look.class);
        drawing.boxes().forEach(box -> looks.add(box.look()));
        looks.remove(Drawing.Look.PLAIN);
        for (Drawing.Look look : looks) {
            text.append("    classDef ").append(name(look)).append(" fill:").append(look.fill());
            text.append(",stroke:")
                    .append(look.stroke())
                    .append(",color:")
                    .append(look.text())
                    .append('\n');
        }
    }

    /** One statement per style: a later one would take a line's earlier style away. */
    private void styles() {
        Map<String, StringJoiner> positions = new LinkedHashMap<>();
        List<Drawing.Line> lines = drawing.lines();
        for (int i = 0; i < lines.size(); i++) {
            positions
                    .computeIfAbsent(style(lines.get(i)), style -> new StringJoiner(","))
                    .add(String.valueOf(i));
        }
        positions.remove("");
        positions.forEach((style, where) -> text.append("    linkStyle ")
                .append(where)
                .append(' ')
                .append(style)
                .append('\n'));
    }

    private static String style(Drawing.Line line) {
        String dashes = line.order() ? "stroke-dasharray:8 4" : "";
        return switch (line.outcome()) {
            case FAILED -> "stroke:" + Drawing.Look.FAILED.stroke() + (line.order() ? "," + dashes : "");
            case OUTSIDE -> "stroke:" + Drawing.Look.OUTSIDE.stroke() + (line.order() ? "," + dashes : "");
            case TAKEN, NOT_TAKEN, OPEN, SUPPLIED -> dashes;
        };
    }

    private static String name(Drawing.Look look) {
        return look.name().toLowerCase(Locale.ROOT);
    }

    private static String escape(String label) {
        StringBuilder escaped = new StringBuilder();
        String rest = label.strip();
        Matcher marker = LIST_MARKER.matcher(rest);
        if (marker.find()) {
            escaped.append(rest, 0, marker.end() - 1)
                    .append('#')
                    .append((int) rest.charAt(marker.end() - 1))
                    .append(';');
            rest = rest.substring(marker.end());
        }
        rest.codePoints().forEach(c -> escape(c, escaped));
        return escaped.isEmpty() ? "#160;" : LOOSE_UNDERSCORE.matcher(escaped).replaceAll("#95;");
    }

    private static void escape(int c, StringBuilder escaped) {
        if (c == '\n') {
            escaped.append("<br/>");
        } else if (Drawing.isUnprintable(c)) {
            escaped.append(' ');
        } else if (SPECIAL.indexOf(c) >= 0) {
            escaped.append('#').append(c).append(';');
        } else {
            escaped.appendCodePoint(c);
        }
    }
}
