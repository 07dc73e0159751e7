package dev.flowengine.json.payload;

import dev.flowengine.node.Blob;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/** Refuses blobs within other values, of which nothing would be kept. */
final class RefusedBlob extends StdSerializer<Blob> {
    RefusedBlob() {
        super(Blob.class);
    }

    @Override
    public void serialize(Blob value, JsonGenerator generator, SerializationContext context) {
        context.reportMappingProblem("a blob is within another value: put it out as a value of its own");
    }
}
