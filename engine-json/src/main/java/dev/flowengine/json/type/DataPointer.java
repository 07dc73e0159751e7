package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PlainData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place in data, as a JSON pointer (RFC 6901) tells it. A failure that came from an error output is looked at as an
 * object.
 *
 * @param steps names and indices from the outside in; none for the data as a whole
 */
record DataPointer(List<String> steps) {
    /** How messages call it. */
    static final String FORM = "JSON pointer such as \"/customer/name\"";

    /** Stands for a place that does not exist, which differs from one that holds null. */
    static final Object NOTHING = new Object();

    /** The place behind the last element of a list. */
    private static final String END = "-";

    private static final int LARGEST_INDEX_DIGITS = 9;

    /** Reads a pointer; empty if it is none, or leads deeper than plain data can be nested. */
    static Optional<DataPointer> parse(String text) {
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
    @Nullable
    Object findIn(@Nullable Object data) {
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

    /**
     * A copy of the data that holds a value there. What is missing or null on the way becomes an object, or a list if
     * {@code -}, its end, comes next; it stays in the way if an index comes next, which could be meant for either. A list
     * takes a value at an index it has, or at its end.
     */
    @Nullable
    Object setIn(@Nullable Object data, @Nullable Object value) {
        return set(data, 0, value);
    }

    private @Nullable Object set(@Nullable Object data, int depth, @Nullable Object value) {
        if (depth == steps.size()) {
            return value;
        }
        Object container = container(data, depth);
        if (container instanceof List<?> list) {
            return setInList(list, depth, value);
        }
        if (!(container instanceof Map<?, ?> map)) {
            throw refused(depth, Values.kind(container));
        }
        Map<Object, @Nullable Object> copy = copy(map);
        String step = steps.get(depth);
        copy.put(step, set(copy.get(step), depth + 1, value));
        return Collections.unmodifiableMap(copy);
    }

    private Object container(@Nullable Object data, int depth) {
        Object container = Values.structured(data);
        if (container != null) {
            return container;
        }
        String step = steps.get(depth);
        if (index(step) >= 0) {
            throw refused(depth, "null or not there, so that '" + step + "' may be meant for an object or for a list");
        }
        return step.equals(END) ? List.of() : Map.of();
    }

    private List<@Nullable Object> setInList(List<?> list, int depth, @Nullable Object value) {
        String step = steps.get(depth);
        int index = step.equals(END) ? list.size() : index(step);
        if (index < 0 || index > list.size()) {
            throw refused(depth, "a list of " + list.size() + " elements, without place for '" + step + "'");
        }
        List<@Nullable Object> copy = new ArrayList<>(list);
        if (index == list.size()) {
            copy.add(null);
        }
        copy.set(index, set(copy.get(index), depth + 1, value));
        return Collections.unmodifiableList(copy);
    }

    /** A copy of the data in which nothing is there; the data itself if nothing was. */
    @Nullable
    Object removeFrom(@Nullable Object data) {
        return steps.isEmpty() || findIn(data) == NOTHING ? data : remove(data, 0);
    }

    private @Nullable Object remove(@Nullable Object data, int depth) {
        String step = steps.get(depth);
        boolean last = depth == steps.size() - 1;
        Object container = Values.structured(data);
        if (container instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list);
            Object removed = copy.remove(index(step));
            if (!last) {
                copy.add(index(step), remove(removed, depth + 1));
            }
            return Collections.unmodifiableList(copy);
        }
        Map<Object, @Nullable Object> copy = copy((Map<?, ?>) Objects.requireNonNull(container));
        if (last) {
            copy.remove(step);
        } else {
            copy.put(step, remove(copy.get(step), depth + 1));
        }
        return Collections.unmodifiableMap(copy);
    }

    private static Map<Object, @Nullable Object> copy(Map<?, ?> map) {
        return new LinkedHashMap<>(map);
    }

    /** An index is written without leading zeros; -1 for anything else. */
    private static int index(String step) {
        boolean plain = !step.isEmpty()
                && step.length() <= LARGEST_INDEX_DIGITS
                && step.chars().allMatch(c -> c >= '0' && c <= '9')
                && (step.length() == 1 || step.charAt(0) != '0');
        return plain ? Integer.parseInt(step) : -1;
    }

    private FlowException refused(int depth, String found) {
        String place = new DataPointer(steps.subList(0, depth)).toString();
        return FlowException.of(
                        FailureKind.NODE_EXECUTION_FAILED,
                        "'" + this + "' cannot be set: " + (place.isEmpty() ? "the input" : "'" + place + "'") + " is "
                                + found)
                .suggestedResolution("Set the value elsewhere, or remove what is in its way first.")
                .build();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        steps.forEach(step -> text.append('/').append(step.replace("~", "~0").replace("/", "~1")));
        return text.toString();
    }
}
