package dev.flowengine.extension;

import dev.flowengine.node.PlainData;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object of {@link PlainData} name by name and notes everything that is wrong with it, each with its place, so
 * that whoever wrote the data learns of all of it at once.
 *
 * <p>A value that is missing or of another kind is noted, and a harmless one is given instead: empty text, the smallest
 * number allowed, an empty list. An optional value is read only if {@link #has} says that it is there. Names nobody asked
 * for are noted when reading ends, so a reader is asked for every name it knows. Not thread-safe.
 */
public final class DataReader {
    private final Map<String, ? extends @Nullable Object> values;
    private final @Nullable DataReader parent;
    private final String step;
    private final DataProblems problems;
    private final Set<String> asked = new LinkedHashSet<>();
    private final List<DataReader> below = new ArrayList<>();

    private DataReader(
            Map<String, ? extends @Nullable Object> values,
            @Nullable DataReader parent,
            String step,
            DataProblems problems) {
        this.values = values;
        this.parent = parent;
        this.step = step;
        this.problems = problems;
    }

    /**
     * Starts to read data.
     *
     * @param values plain data by name
     * @return a reader
     */
    public static DataReader of(Map<String, ? extends @Nullable Object> values) {
        return new DataReader(values, null, "", new DataProblems());
    }

    /**
     * Whether there is a value of that name, null included.
     *
     * @param name a known name
     * @return true if there is
     */
    public boolean has(String name) {
        asked.add(name);
        return values.containsKey(name);
    }

    /**
     * The names there are, known or not.
     *
     * @return in the order of the data
     */
    public Set<String> names() {
        return new LinkedHashSet<>(values.keySet());
    }

    /**
     * Any value.
     *
     * @param name its name
     * @return plain data, may be null; null, too, if there is none, which is noted
     */
    public @Nullable Object value(String name) {
        if (!has(name)) {
            problem("has no '" + name + "'");
        }
        return values.get(name);
    }

    /**
     * A text.
     *
     * @param name its name
     * @return the text
     */
    public String text(String name) {
        return value(name, String.class, "a text", "");
    }

    /**
     * True or false.
     *
     * @param name its name
     * @return the value; false, which is not noted, if there is none
     */
    public boolean flag(String name) {
        return has(name) && value(name, Boolean.class, "true or false", false);
    }

    /**
     * A whole number, in whatever way it is written: {@code 3.0} and {@code 3e0} are whole, too.
     *
     * @param name its name
     * @param min the smallest allowed
     * @param max the largest allowed
     * @return the number
     */
    public int integer(String name, int min, int max) {
        String expected = "a whole number from " + min + " to " + max;
        Number number = value(name, Number.class, expected, min);
        try {
            int whole = new BigDecimal(number.toString()).intValueExact();
            if (whole >= min && whole <= max) {
                return whole;
            }
        } catch (NumberFormatException | ArithmeticException none) {
            // Noted below, with the number as it is.
        }
        expected(name, expected);
        return min;
    }

    /**
     * A number with a fraction, as near as a double comes to it.
     *
     * @param name its name
     * @param min the smallest allowed
     * @param max the largest allowed
     * @return the number
     */
    public double decimal(String name, double min, double max) {
        String expected = "a number from " + min + " to " + max;
        double number = value(name, Number.class, expected, min).doubleValue();
        if (number >= min && number <= max) {
            return number;
        }
        expected(name, expected);
        return min;
    }

    /**
     * A number of any size, as it is written.
     *
     * @param name its name
     * @return the number
     */
    public BigDecimal number(String name) {
        Number number = value(name, Number.class, "a number", 0);
        try {
            // As it is written: data that a program gives may hold numbers of any kind.
            return new BigDecimal(number.toString());
        } catch (NumberFormatException none) {
            expected(name, "a number");
            return BigDecimal.ZERO;
        }
    }

    /**
     * A time in the form of ISO 8601, such as {@code PT0.2S}.
     *
     * @param name its name
     * @param min the shortest allowed
     * @return the time
     */
    public Duration duration(String name, Duration min) {
        String expected = "a time of at least " + min + " such as \"PT1M30S\" (ISO 8601)";
        String text = value(name, String.class, expected, min.toString());
        try {
            Duration duration = Duration.parse(text);
            if (duration.compareTo(min) >= 0) {
                return duration;
            }
        } catch (DateTimeException | ArithmeticException unreadable) {
            // Noted below, with the text as it is.
        }
        expected(name, expected);
        return min;
    }

    /**
     * The name of a constant.
     *
     * @param name name of the value
     * @param constants what is allowed
     * @param <E> type of the constants
     * @return the constant; the first one allowed if the value is none of them
     */
    public <E extends Enum<E>> E choice(String name, List<E> constants) {
        String names = constants.stream().map(Enum::name).collect(Collectors.joining(", "));
        String text =
                value(name, String.class, "one of " + names, constants.get(0).name());
        for (E constant : constants) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        expected(name, "one of " + names);
        return constants.get(0);
    }

    /**
     * A list of any values.
     *
     * @param name its name
     * @return an immutable list
     */
    @SuppressWarnings("unchecked") // plain data
    public List<@Nullable Object> list(String name) {
        return value(name, List.class, "a list", List.of());
    }

    /**
     * A list of texts.
     *
     * @param name its name
     * @return an immutable list of those elements that are texts; the others are noted
     */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        int index = 0;
        for (Object element : list(name)) {
            if (element instanceof String text) {
                texts.add(text);
            } else {
                expected(name, index, "a text");
            }
            index++;
        }
        return List.copyOf(texts);
    }

    /**
     * Named values whose names are not known beforehand.
     *
     * @param name name of the object
     * @return an immutable map in the order of the data
     */
    @SuppressWarnings("unchecked") // plain data
    public Map<String, @Nullable Object> map(String name) {
        return value(name, Map.class, "an object", Map.of());
    }

    /**
     * Named values with a reader of their own.
     *
     * @param name name of the object
     * @return its reader; of an empty object that notes nothing more if there is none, which is noted
     */
    public DataReader object(String name) {
        Map<String, @Nullable Object> object = map(name);
        return values.get(name) instanceof Map ? below(object, step(name)) : silent(step(name));
    }

    /**
     * Named values with a reader of their own, which may be left out.
     *
     * @param name name of the object
     * @return its reader; of an empty object if there is none
     */
    public DataReader optionalObject(String name) {
        return has(name) ? object(name) : below(Map.of(), step(name));
    }

    /**
     * A list of objects.
     *
     * @param name name of the list
     * @return a reader for each element, in order; of an empty object that notes nothing more for an element that is
     *     none, which is noted
     */
    public List<DataReader> objects(String name) {
        List<DataReader> readers = new ArrayList<>();
        for (Object element : list(name)) {
            readers.add(element(element, step(name) + "/" + readers.size()));
        }
        return readers;
    }

    /**
     * Notes that something is wrong with a value.
     *
     * @param name its name
     * @param finding what is wrong, told after the place
     */
    public void problem(String name, String finding) {
        note(pointer() + step(name), finding);
    }

    /**
     * Notes that a value should be another.
     *
     * @param name its name
     * @param expected what it should be, such as {@code a text of at most 80 characters}
     */
    public void expected(String name, String expected) {
        problem(name, is(values.get(name)) + ", but should be " + expected);
    }

    /**
     * Notes that an element of a list should be another.
     *
     * @param name name of the list
     * @param index index of the element, which must be there
     * @param expected what it should be
     */
    public void expected(String name, int index, String expected) {
        note(pointer() + step(name) + "/" + index, is(list(name).get(index)) + ", but should be " + expected);
    }

    /**
     * Notes that something is wrong with the object as a whole.
     *
     * @param finding what is wrong, told after the place
     */
    public void problem(String finding) {
        note(pointer(), finding);
    }

    /**
     * Declares names that are known, whether they are read or not.
     *
     * @param names known names
     * @return this
     */
    public DataReader knows(String... names) {
        asked.addAll(Arrays.asList(names));
        return this;
    }

    /** Ends the reading of this object and those below: names nobody asked for are noted. A second call does nothing. */
    public void end() {
        if (asked.size() < values.size() || !asked.containsAll(values.keySet())) {
            String known = asked.isEmpty() ? "none is known here" : "known here are " + String.join(", ", asked);
            for (String name : values.keySet()) {
                if (!asked.contains(name)) {
                    problem(name, "is an unknown name; " + known);
                }
            }
            asked.addAll(values.keySet());
        }
        below.forEach(DataReader::end);
        below.clear();
    }

    /** Gives up reading this object and those below: names nobody asked for yet are no news. */
    void abandon() {
        asked.addAll(values.keySet());
        below.clear();
    }

    /**
     * Where this object is.
     *
     * @return a JSON pointer; empty for what reading began with
     */
    public String pointer() {
        StringBuilder pointer = new StringBuilder();
        for (DataReader reader = this; reader != null; reader = reader.parent) {
            pointer.insert(0, reader.step);
        }
        return pointer.toString();
    }

    /**
     * Ends the reading and tells what was noted, in all objects that were read.
     *
     * @return the first {@value DataProblems#MOST} problems in the order they were noted
     */
    public List<DataProblem> problems() {
        end();
        return problems.list();
    }

    /**
     * How many problems were noted so far, in all objects that were read.
     *
     * @return their number, which may exceed that of those {@link #problems} gives
     */
    public int problemCount() {
        return problems.count();
    }

    /** Everything there is, known or not. */
    Map<String, ? extends @Nullable Object> values() {
        return values;
    }

    private DataReader element(@Nullable Object element, String place) {
        if (element instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // plain data
            Map<String, @Nullable Object> object = (Map<String, @Nullable Object>) map;
            return below(object, place);
        }
        note(pointer() + place, is(element) + ", but should be an object");
        return silent(place);
    }

    /** Stands for an object that is none: that it lacks this and that is no news. */
    private DataReader silent(String place) {
        return new DataReader(Map.of(), this, place, new DataProblems());
    }

    private DataReader below(Map<String, @Nullable Object> object, String place) {
        DataReader reader = new DataReader(object, this, place, problems);
        below.add(reader);
        return reader;
    }

    private <T> T value(String name, Class<T> type, String expected, T otherwise) {
        if (!has(name)) {
            problem("has no '" + name + "', which should be " + expected);
            return otherwise;
        }
        Object value = values.get(name);
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        expected(name, expected);
        return otherwise;
    }

    private static String step(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private static String is(@Nullable Object value) {
        return "is " + DataProblems.describe(value);
    }

    private void note(String pointer, String finding) {
        problems.add(new DataProblem(pointer, finding));
    }
}
