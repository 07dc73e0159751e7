package dev.flowengine.oracle;

import dev.flowengine.model.FlowError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How values are written: what a node fires, and how a delivered input is rendered. */
public final class ValueDigest {
    /** The rendering of an input port that nothing was delivered to. */
    public static final String ABSENT = "-";

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private ValueDigest() {}

    /** The value a node fires on a port: node, port and a digest of its rendered inputs in port order. */
    public static String of(String nodeId, String port, List<String> renderedInputs) {
        long hash = mix(mix(FNV_OFFSET, nodeId), port);
        for (String input : renderedInputs) {
            hash = mix(hash, input);
        }
        return nodeId + "." + port + "#" + Long.toHexString(hash);
    }

    /** The value a node falls back to. */
    public static String fallback(String nodeId) {
        return "fallback-" + nodeId;
    }

    /** The value a recovery makes of a rendered failure. */
    public static String recovered(String error) {
        return "recovered from " + error;
    }

    /** The rendering of the input in a failure: of the only port, or of all of them. */
    public static String received(List<String> ports, List<String> renderedInputs) {
        List<String> inputs = renderedInputs.stream()
                .map(input -> input.equals(ABSENT) ? render(null) : input)
                .toList();
        if (ports.size() == 1) {
            return inputs.get(0);
        }
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            entries.add(ports.get(i) + "=" + inputs.get(i));
        }
        return "{" + String.join(",", entries) + "}";
    }

    /** The rendering of a failure; of its input only a digest, so that failures of failures stay short. */
    public static String ofError(String nodeId, CaseFailure failure, String renderedInput) {
        return "error " + failure + " of " + nodeId + " with #" + Long.toHexString(mix(FNV_OFFSET, renderedInput));
    }

    /**
     * The rendering of a value that was delivered: a list as {@code [a,b]}, a map as {@code {k=a,l=b}}, null as
     * {@code null}.
     */
    public static String render(@Nullable Object value) {
        if (value instanceof List<?> list) {
            List<String> items = new ArrayList<>();
            list.forEach(item -> items.add(render(item)));
            return renderList(items);
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + render(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof FlowError error) {
            return ofError(error.nodeId(), new CaseFailure(error.message(), error.attempt()), render(error.input()));
        }
        return String.valueOf(value);
    }

    /** The rendering of a list whose items are rendered already. */
    static String renderList(List<String> items) {
        return "[" + String.join(",", items) + "]";
    }

    private static long mix(long start, String text) {
        long hash = (start ^ text.length()) * FNV_PRIME;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }
}
