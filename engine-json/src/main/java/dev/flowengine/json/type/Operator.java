package dev.flowengine.json.type;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a condition may ask about a field. A field that does not exist is no error: every operator says what it is then. */
@SuppressWarnings("ImmutableEnumChecker") // the functions have no state
enum Operator {
    EQUALS("equals", "a value", any -> true, Operator::equal),
    NOT_EQUALS("notEquals", "a value", any -> true, (field, wanted) -> !equal(field, wanted)),
    ABOVE("above", Operator.SIZE, Operator::isSize, (field, limit) -> compare(field, limit, order -> order > 0)),
    AT_LEAST("atLeast", Operator.SIZE, Operator::isSize, (field, limit) -> compare(field, limit, order -> order >= 0)),
    BELOW("below", Operator.SIZE, Operator::isSize, (field, limit) -> compare(field, limit, order -> order < 0)),
    AT_MOST("atMost", Operator.SIZE, Operator::isSize, (field, limit) -> compare(field, limit, order -> order <= 0)),
    IN("in", "a list", List.class::isInstance, (field, list) -> contains(list, field)),
    CONTAINS("contains", "a value", any -> true, Operator::contains),
    STARTS_WITH(
            "startsWith",
            "a text",
            String.class::isInstance,
            (field, text) -> field instanceof String whole && whole.startsWith((String) text)),
    ENDS_WITH(
            "endsWith",
            "a text",
            String.class::isInstance,
            (field, text) -> field instanceof String whole && whole.endsWith((String) text)),
    EXISTS(
            "exists",
            Operator.FLAG,
            Boolean.class::isInstance,
            (field, wanted) -> Boolean.valueOf(field != DataPointer.NOTHING).equals(wanted)),
    EMPTY(
            "empty",
            Operator.FLAG,
            Boolean.class::isInstance,
            (field, wanted) -> Boolean.valueOf(isEmpty(field)).equals(wanted));

    private static final String SIZE = "a number or a text";
    private static final String FLAG = "true or false";
    private static final Map<String, Operator> BY_NAME = new LinkedHashMap<>();

    static {
        for (Operator operator : values()) {
            BY_NAME.put(operator.name, operator);
        }
    }

    private final String name;
    private final String operand;
    private final Predicate<@Nullable Object> takes;
    private final BiPredicate<@Nullable Object, @Nullable Object> test;

    Operator(
            String name,
            String operand,
            Predicate<@Nullable Object> takes,
            BiPredicate<@Nullable Object, @Nullable Object> test) {
        this.name = name;
        this.operand = operand;
        this.takes = takes;
        this.test = test;
    }

    /** What conditions call them. */
    static Collection<String> names() {
        return BY_NAME.keySet();
    }

    /** The operator of one of the names. */
    static Operator of(String name) {
        Operator operator = BY_NAME.get(name);
        if (operator == null) {
            throw new IllegalArgumentException("no operator " + name);
        }
        return operator;
    }

    /** What it takes, for messages. */
    String operand() {
        return operand;
    }

    boolean takes(@Nullable Object value) {
        return takes.test(value);
    }

    /**
     * Whether it is so.
     *
     * @param field what is at the field, or {@link DataPointer#NOTHING}
     * @param value what the condition gives, which the operator takes
     */
    boolean holds(@Nullable Object field, @Nullable Object value) {
        return test.test(field, value);
    }

    private static boolean equal(@Nullable Object field, @Nullable Object wanted) {
        return field != DataPointer.NOTHING && Values.equal(field, wanted);
    }

    private static boolean compare(@Nullable Object field, @Nullable Object limit, IntPredicate wanted) {
        return Values.compare(field, limit).stream().anyMatch(wanted);
    }

    private static boolean isSize(@Nullable Object value) {
        return value instanceof Number || value instanceof String;
    }

    private static boolean contains(@Nullable Object whole, @Nullable Object part) {
        if (whole instanceof String text) {
            return part instanceof String other && text.contains(other);
        }
        return whole instanceof List<?> list && list.stream().anyMatch(element -> equal(element, part));
    }

    private static boolean isEmpty(@Nullable Object field) {
        return field == null
                || field == DataPointer.NOTHING
                || (field instanceof String text && text.isEmpty())
                || (field instanceof Collection<?> list && list.isEmpty())
                || (field instanceof Map<?, ?> map && map.isEmpty());
    }
}
