package dev.flowengine.json;

import java.io.FilterInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Where JSON comes from. It remembers how it failed: to the parser, a host's stream that breaks and bytes that are no text
 * look alike, but only the latter are a fault of the document.
 */
final class Source {
    private final Function<JsonFactory, JsonParser> opening;
    private @Nullable IOException failure;

    private Source(String json) {
        this.opening = factory -> factory.createParser(ObjectReadContext.empty(), json);
    }

    private Source(Reader json) {
        Reader watched = new WatchedReader(json);
        this.opening = factory -> factory.createParser(ObjectReadContext.empty(), watched);
    }

    private Source(InputStream json) {
        InputStream watched = new WatchedStream(json);
        this.opening = factory -> factory.createParser(ObjectReadContext.empty(), watched);
    }

    static Source of(String json) {
        return new Source(json);
    }

    static Source of(Reader json) {
        return new Source(json);
    }

    static Source of(InputStream json) {
        return new Source(json);
    }

    JsonParser open(JsonFactory factory) {
        return opening.apply(factory);
    }

    /** How the host's stream failed; null if it did not. */
    @Nullable
    IOException failure() {
        return failure;
    }

    private IOException noted(IOException failed) {
        failure = failed;
        return failed;
    }

    private final class WatchedReader extends FilterReader {

        WatchedReader(Reader reader) {
            super(reader);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException failed) {
                throw noted(failed);
            }
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (IOException failed) {
                throw noted(failed);
            }
        }
    }

    private final class WatchedStream extends FilterInputStream {

        WatchedStream(InputStream stream) {
            super(stream);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException failed) {
                throw noted(failed);
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (IOException failed) {
                throw noted(failed);
            }
        }
    }
}
