package dev.flowengine.json.payload;

import java.nio.charset.StandardCharsets;

/** Text that can be written whatever it is made of. */
final class WritableText {
    private static final int LONGEST = 2_000;

    private WritableText() {}

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

    /** The same text with {@code ?} for each half of a character, which no encoding has. */
    static String whole(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
