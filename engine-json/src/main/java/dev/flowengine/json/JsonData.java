package dev.flowengine.json;

import dev.flowengine.node.PlainData;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** {@link PlainData} as JSON: what the nodes of a flow kept as JSON take and emit. */
public final class JsonData {
    private JsonData() {}

    /**
     * Reads one value.
     *
     * @param json a JSON document
     * @return plain data, may be null
     * @throws FlowJsonException if anything is wrong, telling all of it
     */
    public static @Nullable Object read(String json) {
        Findings findings = new Findings();
        DataParser.Parsed document;
        try {
            document = DataParser.parse(Source.of(json), PlainData.MAX_DEPTH, findings);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        if (!findings.isEmpty()) {
            throw findings.exception("the data cannot be read");
        }
        return document.value();
    }

    /**
     * Writes one value.
     *
     * @param value plain data, may be null
     * @return a JSON document on one line
     * @throws IllegalArgumentException if something in it is no plain data; the message says what and where
     */
    public static String write(@Nullable Object value) {
        return JsonText.compact(PlainData.copyOf(value));
    }
}
