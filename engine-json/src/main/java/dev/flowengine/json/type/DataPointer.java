package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.node.PlainData;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place in data, as a JSON pointer (RFC 6901) tells it. A failure that came from an error output is looked at as an
 * object.
 *
 * @param steps names and indices from the outside in; none for the data as a whole
 */
public record DataPointer(List<String> steps) {
    /** How messages call it. */
    static final String FORM = "JSON pointer such as \"/customer/name\"";

    /** Stands for a place that does not exist, which differs from one that holds null. */
    public static final Object NOTHING = new Object();

    /** The place behind the last element of a list. */
    static final String END = "-";

    private static final int LARGEST_INDEX_DIGITS = 9;

    /** Reads a pointer; empty if it is none, or leads deeper than plain data can be nested. */
    public static Optional<DataPointer> parse(String text) {
        if (text.isEmpty()) {
            return Optional.of(new DataPointer(List.of()));
        }
        if (!text.startsWith("/") || !isEscaped(text)) {
            return Optional.empty();
        }
        List<String> steps = Arrays.stream(text.substring(1).split("/", -1))
                .map(step -> step.replace("~1", "/").replace("~0", "~"))
                .toList();
        return steps.size() > PlainData.MAX_DEPTH ? Optional.empty() : Optional.of(new DataPointer(steps));
    }

    /** Whether every tilde is one of {@code ~0} and {@code ~1}. */
    private static boolean isEscaped(String text) {
        for (int tilde = text.indexOf('~'); tilde >= 0; tilde = text.indexOf('~', tilde + 2)) {
            if (!text.startsWith("~0", tilde) && !text.startsWith("~1", tilde)) {
                return false;
            }
        }
        return true;
    }

    /** Reads a pointer that is a field of parameters. */
    static DataPointer read(DataReader parameters, String name) {
        String text = parameters.text(name);
        return parse(text).orElseGet(() -> {
            parameters.expected(name, "a " + FORM);
            return new DataPointer(List.of());
        });
    }

    /** What is there, or {@link #NOTHING}. */
    public @Nullable Object findIn(@Nullable Object data) {
        Object found = data;
        for (String step : steps) {
            found = inside(Values.structured(found), step);
            if (found == NOTHING) {
                break;
            }
        }
        return found;
    }

    private static @Nullable Object inside(@Nullable Object data, String step) {
        if (data instanceof Map<?, ?> map) {
            return Values.at(map, step, NOTHING);
        }
        if (data instanceof List<?> list) {
            int index = index(step);
            return index >= 0 && index < list.size() ? list.get(index) : NOTHING;
        }
        return NOTHING;
    }

    /** An index is written without leading zeros; -1 for anything else. */
    static int index(String step) {
        boolean plain = !step.isEmpty()
                && step.length() <= LARGEST_INDEX_DIGITS
                && step.chars().allMatch(c -> c >= '0' && c <= '9')
                && (step.length() == 1 || step.charAt(0) != '0');
        return plain ? Integer.parseInt(step) : -1;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        steps.forEach(step -> text.append('/').append(step.replace("~", "~0").replace("/", "~1")));
        return text.toString();
    }
}
