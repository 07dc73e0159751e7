package dev.flowengine.execution;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import java.util.List;
import java.util.function.Function;

/** Turns of phrase that explanations share. */
final class Phrases {
    private static final int MOST = 3;
    private static final int LONGEST_SUMMARY = 200;

    private Phrases() {}

    static String quote(String name) {
        return "'" + name + "'";
    }

    static String quoted(List<String> names) {
        return list(names, Phrases::quote);
    }

    /** The first few items, and how many more there are. */
    static <T> String list(List<T> items, Function<T, String> text) {
        int shown = Math.min(items.size(), MOST);
        boolean complete = shown == items.size();
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < shown; i++) {
            String separator = complete && i == shown - 1 ? " and " : ", ";
            list.append(i == 0 ? "" : separator).append(text.apply(items.get(i)));
        }
        return complete ? list.toString() : list + " and " + (items.size() - shown) + " more";
    }

    /** Such as {@code 2 connections}. */
    static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** The skip reason in brackets, if there is one. */
    static String reason(NodeState state) {
        return state.skipReason().map(reason -> " (" + reason + ")").orElse("");
    }

    /** The latest attempt, or the node itself if there was none. */
    static String attempt(NodeState state) {
        return state.attempt() == 0 ? "it" : "attempt " + state.attempt();
    }

    /** With what the node failed, if that is known. */
    static String failure(NodeState state) {
        return state.failure().map(Phrases::summary).orElse("");
    }

    /** Ends a sentence, unless what it quotes at its end has ended it. */
    static String sentence(String text) {
        return text.endsWith(".") || text.endsWith("!") || text.endsWith("?") ? text : text + ".";
    }

    private static String summary(FlowError failure) {
        String line = failure.summary().strip().replaceAll("\\s+", " ");
        String kind = failure.kind() == FailureKind.NODE_EXECUTION_FAILED ? "" : " " + failure.kind();
        return " with" + kind + " " + cut(line);
    }

    private static String cut(String line) {
        return line.codePointCount(0, line.length()) <= LONGEST_SUMMARY
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LONGEST_SUMMARY)) + "…";
    }
}
