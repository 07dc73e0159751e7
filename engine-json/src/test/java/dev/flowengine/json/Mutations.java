package dev.flowengine.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Spoils a document in one to three ways: as bytes, as text, or as data. */
final class Mutations {
    private static final List<String> NAMES = List.of(
            "id",
            "type",
            "parameters",
            "retry",
            "timeout",
            "onError",
            "disabled",
            "keep",
            "join",
            "after",
            "nodes",
            "connections",
            "from",
            "to",
            "input",
            "output",
            "version",
            "maxAttempts",
            "maxOutputBytes",
            "delay",
            "when",
            "field",
            "bogus");
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "7",
            "2147483648",
            "1e400",
            "1e99999999999",
            "-1E-2000000000",
            "0.1e-1000",
            "9".repeat(400),
            "9".repeat(1_090),
            "9".repeat(3_000),
            "\"\"",
            "\"x\"",
            "\"error\"",
            "\"main\"",
            "\"n1\"",
            "\"PT1S\"",
            "\"PT9999999999999H\"",
            "\"P1D\"",
            "\"/a/b\"",
            "\"FAIL_FAST\"",
            "\"ERROR_OUTPUT\"",
            "\"stop\"",
            "\"if\"",
            "\"ANY_SUCCESS\"",
            "[]",
            "{}",
            "[1,[2]]",
            "{\"a\":{\"b\":null}}",
            "{\"atLeast\":2}",
            "{\"fallback\":1}",
            "{\"not\":{\"field\":\"\",\"exists\":true}}",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "NaN",
            "tru",
            nested("[", "]", 63),
            nested("[", "]", 70),
            nested("{\"not\":", "}", 30),
            nested("{\"a\":", "}", 5_000),
            nested("[", "", 50_000),
            "\"" + "y".repeat(50_000) + "\"");

    private final Dice dice;

    Mutations(Dice dice) {
        this.dice = dice;
    }

    byte[] spoil(String json) {
        if (dice.chance(0.15)) {
            return mild(json).getBytes(StandardCharsets.UTF_8);
        }
        String text = json;
        for (int i = dice.below(3); i >= 0; i--) {
            text = dice.chance(0.65) ? spoilValue(text) : spoilText(text);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && dice.chance(0.1)) {
            bytes[dice.below(bytes.length)] = (byte) dice.below(256);
        }
        return bytes;
    }

    /** Another number, text or id in the place of one: what comes of it may well be a flow. */
    private String mild(String json) {
        List<Integer> colons = positions(json, ':');
        String text = json;
        for (int i = 0; i < 5 && text.equals(json); i++) {
            int start = dice.pick(colons) + 2;
            int end = endOfValue(json, start);
            char first = start < json.length() ? json.charAt(start) : ' ';
            String other = Character.isDigit(first)
                    ? dice.pick(List.of("0", "1", "3", "1e3", "0.5", "2147483647"))
                    : first == 't' || first == 'f'
                            ? dice.pick(List.of("true", "false"))
                            : first == '"' ? "\"" + dice.pick(List.of("n", "t")) + dice.below(9) + "\"" : null;
            if (other != null) {
                text = json.substring(0, start) + other + json.substring(end);
            }
        }
        return text;
    }

    private String spoilText(String text) {
        if (text.length() < 4) {
            return text;
        }
        int at = dice.below(text.length());
        int end = Math.min(text.length(), at + 1 + dice.below(40));
        return switch (dice.below(5)) {
            case 0 -> text.substring(0, at);
            case 1 -> text.substring(0, at) + text.substring(end);
            case 2 -> text.substring(0, end) + text.substring(at);
            case 3 ->
                text.substring(0, at)
                        + dice.pick(List.of("\"", "{", "}", "[", "]", ",", ":", "\\", "\n"))
                        + text.substring(at + 1);
            default -> text.substring(0, at) + dice.pick(VALUES) + text.substring(at);
        };
    }

    /** Puts a value in the place of another, in front of all others, or twice. */
    private String spoilValue(String text) {
        List<Integer> colons = positions(text, ':');
        List<Integer> braces = positions(text, '{');
        if (colons.isEmpty() || braces.isEmpty()) {
            return spoilText(text);
        }
        int colon = dice.pick(colons);
        int brace = dice.pick(braces);
        return switch (dice.below(4)) {
            case 0 ->
                text.substring(0, brace + 1) + '"' + dice.pick(NAMES) + "\": " + dice.pick(VALUES) + ','
                        + text.substring(brace + 1);
            case 1 -> text.substring(0, brace) + dice.pick(VALUES) + text.substring(endOfValue(text, brace));
            default -> text.substring(0, colon + 1) + dice.pick(VALUES) + text.substring(endOfValue(text, colon + 1));
        };
    }

    private static List<Integer> positions(String text, char wanted) {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == wanted) {
                positions.add(i);
            }
        }
        return positions;
    }

    /** Near enough: the comma or bracket that ends a value of a document with little text in it. */
    private static int endOfValue(String text, int start) {
        int depth = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (depth == 0 && (c == ',' || c == '}' || c == ']')) {
                return i;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        }
        return text.length();
    }

    private static String nested(String open, String close, int depth) {
        return open.repeat(depth) + "1" + close.repeat(depth);
    }
}
