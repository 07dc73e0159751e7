package dev.flowengine.json;

import static dev.flowengine.json.Documents.TYPES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where documents come from, and what of that can break. */
class SourceTest {
    @TempDir
    Path directory;

    @Test
    void a_document_comes_from_text_a_stream_a_reader_or_a_file() throws IOException {
        Path file = Files.writeString(directory.resolve("flow.json"), FormatTest.EVERYTHING);

        assertThat(FlowJson.write(FlowJson.read(file, TYPES))).isEqualTo(FormatTest.EVERYTHING);
        assertThat(FlowJson.write(FlowJson.read(new StringReader(FormatTest.EVERYTHING), TYPES)))
                .isEqualTo(FormatTest.EVERYTHING);
        for (var charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
            InputStream stream = new ByteArrayInputStream(FormatTest.EVERYTHING.getBytes(charset));
            assertThat(FlowJson.write(FlowJson.read(stream, TYPES))).isEqualTo(FormatTest.EVERYTHING);
        }
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> FlowJson.read(directory.resolve("none.json"), TYPES));
    }

    @Test
    void a_stream_that_fails_fails_as_it_did_and_stays_open() {
        IOException cut = new IOException("cut");
        Reader broken = new Reader() {
            @Override
            public int read(char[] buffer, int offset, int length) throws IOException {
                throw cut;
            }

            @Override
            public void close() {
                throw new AssertionError("closed");
            }
        };

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> FlowJson.read(broken, TYPES))
                .isSameAs(cut);
    }

    @Test
    void a_stream_that_is_no_text_in_any_encoding_is_a_wrong_document() {
        List<byte[]> documents = List.of(
                new byte[] {0, 0, (byte) 0xFF, (byte) 0xFE, '{', '}'},
                new byte[] {(byte) 0xFE, (byte) 0xFF, 0, 0, '{', '}'},
                new byte[] {0, 0, '{', 0, 0, 0, '}', 0},
                new byte[] {0, '{', 0, 0, 0, '}', 0, 0},
                new byte[] {0, 0, (byte) 0xFE, (byte) 0xFF, 0, 0, 0, '{', 0, 0},
                new byte[] {(byte) 0xFE, (byte) 0xFF, 0, '{', 0},
                new byte[] {'"', (byte) 0xC3, '"'});
        for (byte[] document : documents) {
            assertThatExceptionOfType(FlowJsonException.class)
                    .as("%s", document)
                    .isThrownBy(() -> FlowJson.read(new ByteArrayInputStream(document), TYPES))
                    .satisfies(e -> assertThat(e.problems())
                            .singleElement()
                            .asString()
                            .contains("the document cannot be read on at line 1"));
        }
    }

    @Test
    void a_failure_of_a_stream_is_its_own_whatever_it_is_and_the_stream_stays_open() {
        List<IOException> failures =
                List.of(new IOException("cut"), new CharConversionException("of the host"), new EOFException("gone"));
        for (IOException failure : failures) {
            for (int good : List.of(0, 3, 200)) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> FlowJson.read(breakingOff(good, failure), TYPES))
                        .isSameAs(failure);
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> FlowJson.read(
                                new InputStreamReader(breakingOff(good, failure), StandardCharsets.UTF_8), TYPES))
                        .isSameAs(failure);
            }
        }
    }

    /** Fails after so many bytes. */
    private static InputStream breakingOff(int good, IOException failure) {
        return new InputStream() {
            private int position;

            @Override
            public int read() throws IOException {
                if (position == good) {
                    throw failure;
                }
                return FormatTest.EVERYTHING.charAt(position++);
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                buffer[offset] = (byte) read();
                return 1;
            }

            @Override
            public void close() {
                throw new AssertionError("closed");
            }
        };
    }
}
