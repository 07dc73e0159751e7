package dev.flowengine.jdbc;

import dev.flowengine.persistence.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of a node as one value, so that they are written with its row: a format number, how many there are, and of
 * each its port, its content type and its bytes, each after its length.
 */
final class Outputs {
    private static final int FORMAT = 1;

    private Outputs() {}

    /** Null if there are none, which is most rows when they are inserted. */
    static byte @Nullable [] write(Map<String, Payload> outputs) {
        if (outputs.isEmpty()) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeInt(outputs.size());
            for (Map.Entry<String, Payload> output : outputs.entrySet()) {
                write(out, output.getKey().getBytes(StandardCharsets.UTF_8));
                write(out, output.getValue().contentType().getBytes(StandardCharsets.UTF_8));
                write(out, output.getValue().bytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Map<String, Payload> read(byte @Nullable [] value) {
        if (value == null) {
            return Map.of();
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            int format = in.readByte();
            if (format != FORMAT) {
                throw new IOException("outputs are in format " + format + ", but only " + FORMAT + " is known");
            }
            Map<String, Payload> outputs = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                String port = new String(read(in), StandardCharsets.UTF_8);
                String type = new String(read(in), StandardCharsets.UTF_8);
                outputs.put(port, Payload.of(type, read(in)));
            }
            return outputs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(DataOutputStream out, byte[] part) throws IOException {
        out.writeInt(part.length);
        out.write(part);
    }

    private static byte[] read(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }
}
