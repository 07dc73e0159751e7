package dev.flowengine.examples;

import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * A value as JSON on one line, written no further than somebody would read: values that hold one another are small in
 * memory and may be endless on paper.
 *
 * @param text the JSON, or the beginning of it
 * @param fault why there is no more of it; null if that is all
 */
record BoundedJson(String text, @Nullable String fault) {
    /** The objects of our own that stand around an output in a line of JSON. */
    private static final int AROUND = 3;

    /** Nests no deeper than can be read where the value will stand. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(StreamReadConstraints.DEFAULT_MAX_DEPTH - AROUND)
                            .build())
                    .build())
            .build();

    /** Writes so many characters at most. */
    static BoundedJson of(@Nullable Object value, int limit) {
        Page page = new Page(limit);
        try {
            MAPPER.writeValue(page, value);
            return new BoundedJson(page.text.toString(), null);
        } catch (JacksonException unwritable) {
            String fault = page.isFull ? "too long to print" : OneLine.of(unwritable.getOriginalMessage());
            return new BoundedJson(page.text.toString(), fault);
        }
    }

    /** Fails when it is full, which ends the writing. */
    private static final class Page extends Writer {
        private final StringBuilder text = new StringBuilder();
        private final int limit;
        private boolean isFull;

        Page(int limit) {
            this.limit = limit;
        }

        @Override
        public void write(char[] buffer, int offset, int length) throws IOException {
            int room = limit - text.length();
            text.append(buffer, offset, Math.min(room, length));
            if (length > room) {
                isFull = true;
                throw new IOException("full");
            }
        }

        @Override
        public void flush() {
            // Nothing waits.
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
