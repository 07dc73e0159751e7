package dev.flowengine.internal.journal;

import dev.flowengine.model.FlowError;
import dev.flowengine.model.LogLine;

/**
 * Makes texts of bodies such that every store keeps them: that a message holds a NUL must not cost the result it belongs
 * to.
 */
public final class Texts {
    private static final int LONGEST_MESSAGE = 16_384;
    private static final int LONGEST_STACK = 65_536;
    private static final char REPLACEMENT = '\uFFFD';

    private Texts() {}

    /** The same failure, without its input, which is kept with the outputs of the nodes it came from. */
    static FlowError storable(FlowError error) {
        return new FlowError(
                error.kind(),
                storable(error.type(), LONGEST_MESSAGE),
                storable(error.message(), LONGEST_MESSAGE),
                storable(error.stackText(), LONGEST_STACK),
                error.nodeId(),
                error.attempt(),
                storable(error.suggestedResolution(), LONGEST_MESSAGE));
    }

    static LogLine storable(LogLine line) {
        String text = storable(line.text());
        return new LogLine(line.nodeId(), line.iteration(), line.attempt(), line.instant(), line.level(), text);
    }

    /**
     * Cuts a text and replaces what some store could not keep.
     *
     * @param text any text
     * @return the same text, if it can be kept
     */
    public static String storable(String text) {
        return storable(text, LONGEST_MESSAGE);
    }

    private static String storable(String text, int longest) {
        String cut = text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
        for (int i = 0; i < cut.length(); i++) {
            if (isUnstorable(cut, i)) {
                return replaced(cut);
            }
        }
        return cut;
    }

    private static String replaced(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            clean.append(isUnstorable(text, i) ? REPLACEMENT : text.charAt(i));
        }
        return clean.toString();
    }

    private static boolean isUnstorable(String text, int at) {
        char letter = text.charAt(at);
        if (Character.isHighSurrogate(letter)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        if (Character.isLowSurrogate(letter)) {
            return at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
        }
        return letter == 0;
    }
}
