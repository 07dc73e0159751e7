package dev.flowengine.oracle;

import java.util.ArrayList;
import java.util.List;
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

    /** The rendering of a value that was delivered: a list as {@code [a,b]}, null as {@code null}. */
    public static String render(@Nullable Object value) {
        if (value instanceof List<?> list) {
            List<String> items = new ArrayList<>();
            list.forEach(item -> items.add(render(item)));
            return renderList(items);
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
