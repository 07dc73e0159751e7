package dev.flowengine.json.type;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Data that is to be changed in some places. Each object and list a change leads through is copied once, however many
 * changes there are; everything else is shared with the data it was made of, which stays as it is. Not thread-safe.
 */
final class DataDraft {
    /** What can be changed behind each object and list of ours, which cannot: so nothing is to be done at the end. */
    private final IdentityHashMap<Object, Object> changeable = new IdentityHashMap<>();

    private @Nullable Object data;

    /** Begins with data that stays as it is. */
    DataDraft(@Nullable Object data) {
        this.data = data;
    }

    /** The data as it has become. Nothing is changed after that. */
    @Nullable
    Object data() {
        return data;
    }

    /**
     * Sets a value. What is missing or null on the way becomes an object, or a list if {@code -}, its end, comes next; it
     * stays in the way if an index comes next, which could be meant for either. A list takes a value at an index it has,
     * or at its end.
     */
    void set(DataPointer pointer, @Nullable Object value) {
        data = set(data, pointer, 0, value);
    }

    private @Nullable Object set(@Nullable Object old, DataPointer pointer, int depth, @Nullable Object value) {
        if (depth == pointer.steps().size()) {
            return value;
        }
        Object container = ours(container(old, pointer, depth));
        String step = pointer.steps().get(depth);
        if (changeable.get(container) instanceof List<?> any) {
            List<@Nullable Object> list = elements(any);
            int index = place(list, pointer, depth);
            Object inside = index == list.size() ? null : list.get(index);
            Object outcome = set(inside, pointer, depth + 1, value);
            if (index == list.size()) {
                list.add(outcome);
            } else {
                list.set(index, outcome);
            }
        } else {
            Map<Object, @Nullable Object> map = fields(changeable.get(container));
            map.put(step, set(map.get(step), pointer, depth + 1, value));
        }
        return container;
    }

    private static Object container(@Nullable Object old, DataPointer pointer, int depth) {
        Object container = Values.structured(old);
        if (container instanceof Map<?, ?> || container instanceof List<?>) {
            return container;
        }
        if (container != null) {
            throw refused(pointer, depth, Values.kind(container));
        }
        String step = pointer.steps().get(depth);
        if (DataPointer.index(step) >= 0) {
            throw refused(
                    pointer,
                    depth,
                    "null or not there, so that '" + step + "' may be meant for an object or for a list");
        }
        return step.equals(DataPointer.END) ? List.of() : Map.of();
    }

    private static int place(List<?> list, DataPointer pointer, int depth) {
        String step = pointer.steps().get(depth);
        int index = step.equals(DataPointer.END) ? list.size() : DataPointer.index(step);
        if (index < 0 || index > list.size()) {
            throw refused(pointer, depth, "a list of " + list.size() + " elements, without place for '" + step + "'");
        }
        return index;
    }

    /** Removes what is there, if anything is. */
    void remove(DataPointer pointer) {
        if (pointer.findIn(data) != DataPointer.NOTHING) {
            data = remove(data, pointer, 0);
        }
    }

    private Object remove(@Nullable Object old, DataPointer pointer, int depth) {
        Object container = ours(container(old, pointer, depth));
        String step = pointer.steps().get(depth);
        boolean isLast = depth == pointer.steps().size() - 1;
        if (changeable.get(container) instanceof List<?> any) {
            List<@Nullable Object> list = elements(any);
            int index = DataPointer.index(step);
            if (isLast) {
                list.remove(index);
            } else {
                list.set(index, remove(list.get(index), pointer, depth + 1));
            }
        } else {
            Map<Object, @Nullable Object> map = fields(changeable.get(container));
            if (isLast) {
                map.remove(step);
            } else {
                map.put(step, remove(map.get(step), pointer, depth + 1));
            }
        }
        return container;
    }

    /** The object or list itself if it is ours already, and a copy otherwise. */
    private Object ours(Object container) {
        if (changeable.containsKey(container)) {
            return container;
        }
        if (container instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list);
            return ours(Collections.unmodifiableList(copy), copy);
        }
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>((Map<?, ?>) container);
        return ours(Collections.unmodifiableMap(copy), copy);
    }

    private Object ours(Object shown, Object copy) {
        changeable.put(shown, copy);
        return shown;
    }

    @SuppressWarnings("unchecked") // made here
    private static List<@Nullable Object> elements(List<?> ours) {
        return (List<@Nullable Object>) ours;
    }

    @SuppressWarnings("unchecked") // made here
    private static Map<Object, @Nullable Object> fields(@Nullable Object ours) {
        return (Map<Object, @Nullable Object>) Objects.requireNonNull(ours);
    }

    private static FlowException refused(DataPointer pointer, int depth, String found) {
        String place = new DataPointer(pointer.steps().subList(0, depth)).toString();
        return FlowException.of(
                        FailureKind.NODE_EXECUTION_FAILED,
                        "'" + pointer + "' cannot be set: " + (place.isEmpty() ? "the input" : "'" + place + "'")
                                + " is " + found)
                .suggestedResolution("Set the value elsewhere, or remove what is in its way first.")
                .build();
    }
}
