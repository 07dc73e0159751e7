package dev.flowengine.json.payload;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Text that can be written whatever it is made of. */
final class WritableText {
    private static final int LONGEST = 2_000;

    private WritableText() {}

    /** The same plain data, but for halves of characters, which no encoding has; {@code ?} stands for them. */
    static @Nullable Object in(@Nullable Object plain) {
        if (plain instanceof String text) {
            return whole(text);
        }
        if (plain instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(value -> copy.add(in(value)));
            return copy;
        }
        if (plain instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((name, value) -> copy.put(whole((String) name), in(value)));
            return copy;
        }
        return plain;
    }

    /** What a value that is no data says of itself, or why it does not. */
    static String of(Object value) {
        String text;
        try {
            text = String.valueOf(value.toString());
        } catch (RuntimeException | LinkageError | StackOverflowError silent) {
            text = "a " + value.getClass().getName() + ", which cannot be told: " + silent;
        }
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** Whether there is no half of a character in it, which could be written into a name but not read again. */
    static boolean isWhole(String text) {
        return text.codePoints().noneMatch(one -> one >= Character.MIN_SURROGATE && one <= Character.MAX_SURROGATE);
    }

    private static String whole(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
