package dev.flowengine.json.payload;

import dev.flowengine.node.PlainData;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads one value as plain data. Everything is bounded, so that recursion is. */
final class PlainReading {
    private final JsonParser parser;

    PlainReading(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * The value that begins with the current token.
     *
     * @throws IllegalArgumentException if it is no plain data
     */
    @Nullable
    Object value() {
        return value(0);
    }

    private @Nullable Object value(int depth) {
        return switch (parser.currentToken()) {
            case START_OBJECT, PROPERTY_NAME -> object(deeper(depth));
            case START_ARRAY -> list(deeper(depth));
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> PlainData.copyOf((Object) parser.getNumberValue());
            case VALUE_NUMBER_FLOAT -> PlainData.copyOf((Object) parser.getDecimalValue());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IllegalArgumentException("the value begins with " + parser.currentToken());
        };
    }

    private static int deeper(int depth) {
        if (depth == PlainData.MAX_DEPTH) {
            throw new IllegalArgumentException("the value is nested more than " + PlainData.MAX_DEPTH + " deep");
        }
        return depth + 1;
    }

    private Map<String, @Nullable Object> object(int depth) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        String name = parser.currentToken() == JsonToken.START_OBJECT ? parser.nextName() : parser.currentName();
        for (; name != null; name = parser.nextName()) {
            if (name.length() > PlainData.MAX_NAME_LENGTH) {
                throw new IllegalArgumentException(
                        "the value holds a name longer than " + PlainData.MAX_NAME_LENGTH + " characters");
            }
            parser.nextToken();
            Object value = value(depth);
            if (object.containsKey(name)) {
                throw new IllegalArgumentException("the value holds '" + name + "' twice");
            }
            object.put(name, value);
        }
        return Collections.unmodifiableMap(object);
    }

    private List<@Nullable Object> list(int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(depth));
        }
        return Collections.unmodifiableList(list);
    }
}
