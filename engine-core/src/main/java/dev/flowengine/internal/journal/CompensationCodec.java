package dev.flowengine.internal.journal;

import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.machine.RestoredCompensations;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.Payload;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is kept of compensations, as bytes of the engine's own: a version, then the content. */
final class CompensationCodec {
    private static final String CONTENT_TYPE = "application/vnd.flowengine.compensation";
    private static final int VERSION = 1;

    private CompensationCodec() {}

    /** Encodes which node has completed. */
    static Payload node(String id) {
        return encode(out -> StartCodec.writeText(out, id));
    }

    static String node(Payload payload) {
        return decode(payload, in -> StartCodec.required(StartCodec.readText(in)));
    }

    /** Encodes how the execution ends once everything is undone. */
    static Payload begin(ExecutionStatus end, @Nullable FlowException reason) {
        return encode(out -> {
            StartCodec.writeText(out, end.name());
            out.writeBoolean(reason != null);
            if (reason != null) {
                StartCodec.writeText(out, reason.kind().name());
                StartCodec.writeText(
                        out, Optional.ofNullable(reason.getMessage()).orElse(""));
                StartCodec.writeText(out, reason.suggestedResolution());
            }
        });
    }

    static Begin begin(Payload payload) {
        return decode(
                payload, in -> new Begin(ExecutionStatus.valueOf(text(in)), in.readBoolean() ? reason(in) : null));
    }

    private static FlowException reason(DataInputStream in) throws IOException {
        return FlowException.of(FailureKind.valueOf(text(in)), text(in))
                .suggestedResolution(text(in))
                .build();
    }

    /** Encodes what became of a compensation. */
    static Payload outcome(int attempts, @Nullable FlowError failure) {
        return encode(out -> {
            out.writeInt(attempts);
            out.writeBoolean(failure != null);
            if (failure != null) {
                StartCodec.writeText(out, failure.kind().name());
                StartCodec.writeText(out, failure.type());
                StartCodec.writeText(out, failure.message());
                StartCodec.writeText(out, failure.stackText());
                StartCodec.writeText(out, failure.nodeId());
                out.writeInt(failure.attempt());
                StartCodec.writeText(out, failure.suggestedResolution());
            }
        });
    }

    static RestoredCompensations.Outcome outcome(Payload payload) {
        return decode(
                payload, in -> new RestoredCompensations.Outcome(in.readInt(), in.readBoolean() ? failure(in) : null));
    }

    private static NodeFailure failure(DataInputStream in) throws IOException {
        FlowError error = new FlowError(
                FailureKind.valueOf(text(in)), text(in), text(in), text(in), text(in), in.readInt(), text(in));
        return new NodeFailure(error, null);
    }

    private static String text(DataInputStream in) throws IOException {
        return StartCodec.required(StartCodec.readText(in));
    }

    private static Payload encode(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            content.writeTo(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Payload.of(CONTENT_TYPE, bytes.toByteArray());
    }

    private static <T> T decode(Payload payload, Reader<T> reader) {
        try (DataInputStream in = new DataInputStream(payload.inputStream())) {
            int version = in.readByte();
            if (!payload.contentType().equals(CONTENT_TYPE) || version != VERSION) {
                throw new IOException("it is of " + payload.contentType() + " version " + version);
            }
            return reader.readFrom(in);
        } catch (IOException | IllegalArgumentException broken) {
            throw FlowException.of(
                            FailureKind.SERIALIZATION,
                            "what is kept of the compensations of the execution cannot be read: " + broken)
                    .cause(broken)
                    .suggestedResolution("Go on with it on an engine of the version that started it.")
                    .build();
        }
    }

    /** How the execution ends, and why beyond the failures of its nodes. */
    record Begin(ExecutionStatus end, @Nullable FlowException reason) {}

    /** Writes something. */
    private interface Content {

        void writeTo(DataOutputStream out) throws IOException;
    }

    /** Reads something. */
    private interface Reader<T> {

        T readFrom(DataInputStream in) throws IOException;
    }
}
