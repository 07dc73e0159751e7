package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.ValueBody;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Instants that nodes wait for: written in the flow, or found in the input of the node. */
final class Instants {
    private static final String FORM = "an instant such as \"2030-01-31T12:00:00Z\", or a " + DataPointer.FORM;

    private Instants() {}

    /** Reads a parameter that is an instant, or a pointer to one in the input; what is wrong with it is noted. */
    static ValueBody read(DataReader parameters, String name) {
        if (!parameters.has(name)) {
            return context -> null;
        }
        String text = parameters.text(name);
        Optional<Instant> fixed = parse(text);
        if (fixed.isPresent()) {
            return context -> fixed.get();
        }
        Optional<DataPointer> pointer = DataPointer.parse(text);
        if (pointer.isEmpty() || text.isEmpty()) {
            parameters.expected(name, FORM);
            return context -> null;
        }
        return context -> found(pointer.get(), context.input());
    }

    private static Instant found(DataPointer pointer, @Nullable Object input) {
        Object value = pointer.findIn(input);
        Optional<Instant> instant = value instanceof String text ? parse(text) : Optional.empty();
        return instant.orElseThrow(() -> FlowException.of(
                        FailureKind.NODE_EXECUTION_FAILED,
                        "'" + pointer + "' should be an instant such as \"2030-01-31T12:00:00Z\", but is "
                                + described(value))
                .suggestedResolution("Point to a text that is an instant.")
                .build());
    }

    private static String described(@Nullable Object value) {
        if (value == DataPointer.NOTHING) {
            return "not there";
        }
        return value == null ? "null" : Values.kind(value);
    }

    private static Optional<Instant> parse(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }
}
