package dev.flowengine.json.payload;

import dev.flowengine.node.PlainData;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/** Writes plain data where a type says nothing about what a value is, and refuses everything else. */
class PlainSerializer extends StdSerializer<Object> {
    static final PlainSerializer INSTANCE = new PlainSerializer();

    PlainSerializer() {
        super(Object.class);
    }

    /**
     * Writes a value that is declared to be of an open type as a whole.
     *
     * @throws IllegalArgumentException if it is no plain data
     */
    static void writeWhole(@Nullable Object value, JsonGenerator generator) {
        write(PlainData.copyOf(value), generator);
    }

    @Override
    public final void serialize(Object value, JsonGenerator generator, SerializationContext context) {
        try {
            write(plain(value, context), generator);
        } catch (IllegalArgumentException notPlain) {
            context.reportMappingProblem(notPlain, "%s", notPlain.getMessage());
        }
    }

    /**
     * The value as plain data.
     *
     * @throws IllegalArgumentException if it is none
     */
    @Nullable
    Object plain(Object value, SerializationContext context) {
        return PlainData.copyOf(value);
    }

    private static void write(@Nullable Object plain, JsonGenerator generator) {
        if (plain instanceof Map<?, ?> map) {
            generator.writeStartObject();
            map.forEach((name, value) -> {
                if (!WritableText.isWhole((String) name)) {
                    throw new IllegalArgumentException("the value has a key with half a character in it");
                }
                generator.writeName((String) name);
                write(value, generator);
            });
            generator.writeEndObject();
        } else if (plain instanceof List<?> list) {
            generator.writeStartArray();
            list.forEach(value -> write(value, generator));
            generator.writeEndArray();
        } else if (plain instanceof Number number) {
            write(number, generator);
        } else if (plain instanceof Boolean flag) {
            generator.writeBoolean(flag);
        } else if (plain == null) {
            generator.writeNull();
        } else {
            generator.writeString((String) plain);
        }
    }

    private static void write(Number number, JsonGenerator generator) {
        if (number instanceof Integer || number instanceof Long) {
            generator.writeNumber(number.longValue());
        } else if (number instanceof BigInteger big) {
            generator.writeNumber(big);
        } else {
            // As it is: a mapper may be set to write out the zeros an exponent stands for.
            generator.writeNumber(number.toString());
        }
    }
}
