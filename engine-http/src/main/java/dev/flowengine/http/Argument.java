package dev.flowengine.http;

import dev.flowengine.extension.DataReader;
import dev.flowengine.json.JsonPointer;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value of a request: given with the flow, or taken from the input of the node. */
final class Argument {
    private static final String FIELD = "field";

    private final @Nullable Object literal;
    private final @Nullable JsonPointer field;

    private Argument(@Nullable Object literal, @Nullable JsonPointer field) {
        this.literal = literal;
        this.field = field;
    }

    /** Reads a text, number, true or false, a list of these, or {@code {"field": pointer}}. */
    static Argument read(DataReader reader, String name) {
        Object value = reader.value(name);
        if (value instanceof Map) {
            DataReader object = reader.object(name);
            return new Argument(null, pointer(object, FIELD));
        }
        if (!isScalar(value) && !(value instanceof List<?> list && list.stream().allMatch(Argument::isScalar))) {
            reader.expected(name, "a text, a number, true, false, a list of these, or an object with 'field'");
        }
        return new Argument(value, null);
    }

    /** Reads a pointer; null if it is none, which is noted. */
    static @Nullable JsonPointer pointer(DataReader reader, String name) {
        Optional<JsonPointer> pointer = JsonPointer.parse(reader.text(name));
        if (pointer.isEmpty()) {
            reader.expected(name, "a JSON pointer such as \"/customer/name\"");
        }
        return pointer.orElse(null);
    }

    /** What is known before there is an input; null if it comes from there. */
    @Nullable
    Object literal() {
        return literal;
    }

    /** The texts it stands for: none for a field that is missing or null. */
    List<String> texts(@Nullable Object input, String what) {
        Object value = field == null ? literal : field.valueIn(input);
        if (value == null) {
            return List.of();
        }
        return value instanceof List<?> list
                ? list.stream().map(element -> text(element, what)).toList()
                : List.of(text(value, what));
    }

    private static String text(@Nullable Object value, String what) {
        if (!isScalar(value)) {
            throw wrong(what + " is neither a text, a number, true nor false");
        }
        return String.valueOf(value);
    }

    private static boolean isScalar(@Nullable Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    /** The failure of a node whose input does not make a request. */
    static FlowException wrong(String finding) {
        return FlowException.of(FailureKind.NODE_EXECUTION_FAILED, "no request can be made of the input: " + finding)
                .suggestedResolution("Correct the input of the node, or its parameters.")
                .permanent()
                .build();
    }
}
