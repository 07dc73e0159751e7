package dev.flowengine.node;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plain data: what any format can hold, and what nobody can change. Text ({@link String}), numbers, {@link Boolean},
 * null, {@link List} of plain data, and {@link Map} from text to plain data in a stated order.
 *
 * <p>A number is an {@link Integer}, {@link Long} or {@link BigInteger}, the first it fits into, and a {@link BigDecimal}
 * if it is written with a fraction or an exponent; other types of number are turned into these. It has at most
 * {@value #MAX_DIGITS} digits and an exponent of at most that size, so that computing with it cannot take the memory
 * of the machine. Lists and maps are nested at most {@value #MAX_DEPTH} deep, and the keys of maps are at most
 * {@value #MAX_NAME_LENGTH} characters long.
 */
public final class PlainData {
    /** How deep lists and maps may be nested. */
    public static final int MAX_DEPTH = 64;

    /** How long a key of a map may be: the place of a value repeats those of all maps around it. */
    public static final int MAX_NAME_LENGTH = 1_000;

    /** How many digits a number may have, and how large its exponent may be. */
    public static final int MAX_DIGITS = 1_000;

    /** The least whole number that has more than the digits allowed. */
    private static final BigInteger TOO_LARGE = BigInteger.TEN.pow(MAX_DIGITS);

    private PlainData() {}

    /**
     * An immutable copy of a value, in the one form plain data has.
     *
     * @param value plain data, or data of other types of number
     * @return a copy; the value itself where it cannot change
     * @throws IllegalArgumentException if something in it is no plain data; the message says what and where
     */
    public static @Nullable Object copyOf(@Nullable Object value) {
        return copy(value, "", 0);
    }

    /**
     * An immutable copy of named values, in their order.
     *
     * @param values plain data by name
     * @return a copy
     * @throws IllegalArgumentException if something in it is no plain data; the message says what and where
     */
    public static Map<String, @Nullable Object> copyOf(Map<String, ? extends @Nullable Object> values) {
        return copy(values, "", 1);
    }

    private static @Nullable Object copy(@Nullable Object value, String place, int depth) {
        if (value == null || value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number number) {
            return canonical(number, place);
        }
        if (depth == MAX_DEPTH) {
            throw refused(place, "is nested more than " + MAX_DEPTH + " deep");
        }
        if (value instanceof Map<?, ?> map) {
            return copy(map, place, depth + 1);
        }
        if (value instanceof List<?> list) {
            return copy(list, place, depth + 1);
        }
        throw refused(place, "is a " + value.getClass().getName() + ", which is no plain data");
    }

    private static Map<String, @Nullable Object> copy(Map<?, ?> map, String place, int depth) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw refused(place, "has the key " + key + ", which is no text");
            }
            if (name.length() > MAX_NAME_LENGTH) {
                throw refused(place, "has a key longer than " + MAX_NAME_LENGTH + " characters");
            }
            copy.put(name, copy(value, place + "/" + name.replace("~", "~0").replace("/", "~1"), depth));
        });
        return Collections.unmodifiableMap(copy);
    }

    private static List<@Nullable Object> copy(List<?> list, String place, int depth) {
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        for (Object value : list) {
            copy.add(copy(value, place + "/" + copy.size(), depth));
        }
        return Collections.unmodifiableList(copy);
    }

    private static Number canonical(Number number, String place) {
        if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
            return number.intValue();
        }
        if (number instanceof Long) {
            return whole(number.longValue());
        }
        if (number instanceof BigInteger big) {
            return whole(big, place);
        }
        if (number instanceof BigDecimal decimal) {
            return fraction(decimal, place);
        }
        return inexact(number, place);
    }

    private static Number inexact(Number number, String place) {
        boolean known = number instanceof Double || number instanceof Float;
        if (!known || !Double.isFinite(number.doubleValue())) {
            throw refused(place, "is " + number + ", a " + number.getClass().getName() + ", which is no plain number");
        }
        return fraction(new BigDecimal(number.toString()), place);
    }

    /** Branches instead of one conditional expression, which would make every result a Long. */
    private static Number whole(long value) {
        if (value == (int) value) {
            return (int) value;
        }
        return value;
    }

    private static Number whole(BigInteger value, String place) {
        if (value.bitLength() < Long.SIZE) {
            return whole(value.longValue());
        }
        if (value.abs().compareTo(TOO_LARGE) >= 0) {
            throw refused(place, "is a number of more than " + MAX_DIGITS + " digits");
        }
        return value;
    }

    private static Number fraction(BigDecimal value, String place) {
        if (value.precision() > MAX_DIGITS || Math.abs((long) value.scale()) > MAX_DIGITS) {
            throw refused(place, "is a number of more than " + MAX_DIGITS + " digits or with a larger exponent");
        }
        return value.scale() == 0 ? whole(value.unscaledValue(), place) : value;
    }

    private static IllegalArgumentException refused(String place, String finding) {
        return new IllegalArgumentException((place.isEmpty() ? "the value " : "the value at " + place + " ") + finding);
    }
}
