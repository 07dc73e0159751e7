package dev.flowengine.json.payload;

import dev.flowengine.node.PlainData;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes one value as plain data, and stops at what is none. It is written as it is found, without a copy of it first: a
 * value whose parts are shared could be small, and a copy of it larger than the memory.
 */
final class PlainWriting {
    private final JsonGenerator generator;
    private final boolean mends;

    /** Where we are: indices and keys, the innermost first. */
    private final Deque<Object> place = new ArrayDeque<>();

    private PlainWriting(JsonGenerator generator, boolean mends) {
        this.generator = generator;
        this.mends = mends;
    }

    /** Writes values that are refused if they hold halves of characters, which could not be read again. */
    static PlainWriting strict(JsonGenerator generator) {
        return new PlainWriting(generator, false);
    }

    /** Writes values with {@code ?} for halves of characters. */
    static PlainWriting mending(JsonGenerator generator) {
        return new PlainWriting(generator, true);
    }

    /**
     * Writes the value.
     *
     * @throws IllegalArgumentException if it is no plain data; the message says what and where
     */
    void write(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            requireShallow(map);
            generator.writeStartObject();
            map.forEach(this::writeField);
            generator.writeEndObject();
        } else if (value instanceof List<?> list) {
            requireShallow(list);
            generator.writeStartArray();
            int index = 0;
            for (Object element : list) {
                place.push(index++);
                write(element);
                place.pop();
            }
            generator.writeEndArray();
        } else {
            writeSingle(value);
        }
    }

    private void writeField(@Nullable Object key, @Nullable Object value) {
        if (!(key instanceof String name) || name.length() > PlainData.MAX_NAME_LENGTH) {
            throw refused(Collections.singletonMap(key, null));
        }
        if (!mends && !WritableText.isWhole(name)) {
            throw new IllegalArgumentException("the value has a key with half a character in it");
        }
        generator.writeName(mends ? WritableText.whole(name) : name);
        place.push(name);
        write(value);
        place.pop();
    }

    private void writeSingle(@Nullable Object value) {
        if (value == null) {
            generator.writeNull();
        } else if (value instanceof String text) {
            generator.writeString(mends ? WritableText.whole(text) : text);
        } else if (value instanceof Boolean flag) {
            generator.writeBoolean(flag);
        } else {
            writeNumber(value);
        }
    }

    private void writeNumber(Object value) {
        Object number;
        try {
            number = PlainData.copyOf(value);
        } catch (IllegalArgumentException none) {
            throw refused(value);
        }
        if (number instanceof Integer || number instanceof Long) {
            generator.writeNumber(((Number) number).longValue());
        } else if (number instanceof BigInteger big) {
            generator.writeNumber(big);
        } else {
            // As it is: a mapper may be set to write out the zeros an exponent stands for.
            generator.writeNumber(String.valueOf(number));
        }
    }

    private void requireShallow(Object container) {
        if (place.size() == PlainData.MAX_DEPTH) {
            throw refused(container);
        }
    }

    /** What is wrong with a part, and where it is, in the words of whoever says what plain data is. */
    private IllegalArgumentException refused(@Nullable Object part) {
        Object around = part;
        for (Object step : place) {
            around = Collections.singletonMap(String.valueOf(step), around);
        }
        try {
            PlainData.copyOf(around);
        } catch (IllegalArgumentException refusal) {
            return refusal;
        }
        return new IllegalArgumentException("the value has changed while it was written");
    }
}
