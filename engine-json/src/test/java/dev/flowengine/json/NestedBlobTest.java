package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.model.FlowException;
import dev.flowengine.node.Blob;
import dev.flowengine.node.TypeRef;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NestedBlobTest {

    /** A value with a blob in it. */
    record Export(String name, Blob content) {}

    private static final Blob BLOB = new Blob() {
        @Override
        public long size() {
            return 0;
        }

        @Override
        public String sha256() {
            return "";
        }

        @Override
        public InputStream open() {
            return InputStream.nullInputStream();
        }
    };

    @Test
    @DisplayName("A blob within another value is refused when it is written, and not lost")
    void refused() {
        JsonPayloadCodec codec = new JsonPayloadCodec();
        assertThatThrownBy(() -> codec.encode(new Export("x", BLOB), TypeRef.of(Export.class)))
                .isInstanceOf(FlowException.class)
                .hasMessageContaining("a blob is within another value");
        assertThatThrownBy(() -> codec.encode(List.of(BLOB), new TypeRef<List<Blob>>() {}))
                .isInstanceOf(FlowException.class);
        assertThatThrownBy(() -> codec.encode(BLOB, TypeRef.of(Object.class))).isInstanceOf(FlowException.class);
    }
}
