package dev.flowengine.json.payload;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/** Writes plain data where a type says nothing about what a value is, and refuses everything else. */
final class PlainSerializer extends StdSerializer<Object> {
    static final PlainSerializer INSTANCE = new PlainSerializer();

    private PlainSerializer() {
        super(Object.class);
    }

    @Override
    public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
        try {
            PlainWriting.strict(generator).write(value);
        } catch (IllegalArgumentException notPlain) {
            context.reportMappingProblem(notPlain, "%s", notPlain.getMessage());
        }
    }
}
