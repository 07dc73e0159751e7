package dev.flowengine.json.type;

import dev.flowengine.model.FlowError;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Values as conditions and pointers see them. They may come from Java and be no plain data: then they equal nothing. */
public final class Values {
    private static final Object MISSING = new Object();

    private Values() {}

    /** A failure as an object; everything else as it is. */
    public static @Nullable Object structured(@Nullable Object value) {
        if (!(value instanceof FlowError error)) {
            return value;
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("kind", error.kind().name());
        fields.put("type", error.type());
        fields.put("message", error.message());
        fields.put("node", error.nodeId());
        fields.put("attempt", error.attempt());
        fields.put("suggestedResolution", error.suggestedResolution());
        fields.put("input", error.input());
        return fields;
    }

    /** Whether two values are the same; numbers by value. Not deeper than the second one is nested. */
    static boolean equal(@Nullable Object value, @Nullable Object plain) {
        Object left = structured(value);
        if (left == null || plain == null) {
            return left == plain;
        }
        if (left instanceof List<?> one && plain instanceof List<?> other) {
            return equal(one, other);
        }
        if (left instanceof Map<?, ?> one && plain instanceof Map<?, ?> other) {
            return equal(one, other);
        }
        OptionalInt order = compare(left, plain);
        return order.isEmpty() ? left.equals(plain) : order.getAsInt() == 0;
    }

    private static boolean equal(Map<?, ?> one, Map<?, ?> other) {
        return one.size() == other.size()
                && other.entrySet().stream().allMatch(entry -> {
                    Object found = at(one, entry.getKey(), MISSING);
                    return found != MISSING && equal(found, entry.getValue());
                });
    }

    /** What a map holds under a key. A map of the host may have keys of another kind, and refuse to compare. */
    static @Nullable Object at(Map<?, ?> map, @Nullable Object key, Object missing) {
        try {
            return map.containsKey(key) ? map.get(key) : missing;
        } catch (ClassCastException | NullPointerException otherKeys) {
            return missing;
        }
    }

    private static boolean equal(List<?> one, List<?> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!equal(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The order of two numbers by value, or of two texts by their characters; empty for anything else. */
    static OptionalInt compare(@Nullable Object value, @Nullable Object other) {
        if (value instanceof String one && other instanceof String two) {
            return OptionalInt.of(one.compareTo(two));
        }
        BigDecimal one = number(value);
        BigDecimal two = number(other);
        return one == null || two == null ? OptionalInt.empty() : OptionalInt.of(one.compareTo(two));
    }

    /** What a value is, for messages. */
    static String kind(Object value) {
        return value instanceof String
                ? "a text"
                : value instanceof Number
                        ? "a number"
                        : value instanceof Boolean
                                ? "true or false"
                                : "a " + value.getClass().getName();
    }

    /** The value of a number of any type of Java's own; null for what has none, such as NaN. */
    private static @Nullable BigDecimal number(@Nullable Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        if (value instanceof BigInteger big) {
            return new BigDecimal(big);
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? new BigDecimal(value.toString()) : null;
        }
        return value instanceof Number number && isWhole(number) ? BigDecimal.valueOf(number.longValue()) : null;
    }

    private static boolean isWhole(Number number) {
        return number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte;
    }
}
