package dev.flowengine.jdbc;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.persistence.ConnectionRecord;
import java.util.ArrayList;
import java.util.List;

/** Lists of texts as one text that people can read: one to a line, each line ended; what ends a line is written as {@code \n}. */
final class Lines {

    private Lines() {}

    static String write(List<String> texts) {
        StringBuilder lines = new StringBuilder();
        for (String text : texts) {
            lines.append(text.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
        }
        return lines.toString();
    }

    static List<String> read(String lines) {
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.length(); i++) {
            char next = lines.charAt(i);
            if (next == '\n') {
                texts.add(text.toString());
                text.setLength(0);
            } else if (next == '\\') {
                i++;
                text.append(lines.charAt(i) == 'n' ? '\n' : lines.charAt(i));
            } else {
                text.append(next);
            }
        }
        return texts;
    }

    static String of(FlowError error) {
        return write(List.of(
                error.kind().name(),
                error.type(),
                error.message(),
                error.nodeId(),
                String.valueOf(error.attempt()),
                error.suggestedResolution(),
                error.stackText()));
    }

    static FlowError error(String lines) {
        List<String> parts = read(lines);
        return new FlowError(
                FailureKind.valueOf(parts.get(0)),
                parts.get(1),
                parts.get(2),
                parts.get(6),
                parts.get(3),
                Integer.parseInt(parts.get(4)),
                parts.get(5));
    }

    static String ofConnections(List<ConnectionRecord> connections) {
        List<String> parts = new ArrayList<>();
        for (ConnectionRecord one : connections) {
            parts.addAll(List.of(one.from(), one.fromPort(), one.to(), one.toPort()));
        }
        return write(parts);
    }

    static List<ConnectionRecord> connections(String lines) {
        List<String> parts = read(lines);
        List<ConnectionRecord> connections = new ArrayList<>();
        for (int i = 0; i + 3 < parts.size(); i += 4) {
            connections.add(new ConnectionRecord(parts.get(i), parts.get(i + 1), parts.get(i + 2), parts.get(i + 3)));
        }
        return connections;
    }
}
