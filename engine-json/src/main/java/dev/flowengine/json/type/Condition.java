package dev.flowengine.json.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that holds for a value or does not. Immutable; never fails, whatever the value is. */
@FunctionalInterface
interface Condition {

    /** Holds for everything. */
    Condition ALWAYS = value -> true;

    boolean holds(@Nullable Object value);

    static Condition all(List<Condition> parts) {
        return value -> parts.stream().allMatch(part -> part.holds(value));
    }

    static Condition any(List<Condition> parts) {
        return value -> parts.stream().anyMatch(part -> part.holds(value));
    }

    static Condition not(Condition condition) {
        return value -> !condition.holds(value);
    }

    static Condition at(DataPointer field, Operator operator, @Nullable Object operand) {
        return value -> operator.holds(field.findIn(value), operand);
    }
}
