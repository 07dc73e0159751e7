package dev.flowengine.oracle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a case is started.
 *
 * <p>The input of a trigger is one value under {@link #TRIGGER_DATA}. The input of a node is one value per input port; on
 * a collecting port it stands for a list with this one element.
 */
public record CaseStart(
        Kind kind,
        String nodeId,
        Map<String, String> input,
        @Nullable String upTo) {
    /** The key of the single value a trigger is started with. */
    public static final String TRIGGER_DATA = "data";

    /** Copies the input and keeps its order. */
    public CaseStart {
        input = Collections.unmodifiableMap(new LinkedHashMap<>(input));
    }

    /** The three starts of S1, S2 and S3. */
    public enum Kind {
        /** S1: from a trigger. */
        TRIGGER,
        /** S2: from a node, with everything after it. */
        NODE,
        /** S3: one node alone. */
        SINGLE
    }

    @Override
    public String toString() {
        return kind + " " + nodeId + " " + input + (upTo == null ? "" : " upTo " + upTo);
    }
}
