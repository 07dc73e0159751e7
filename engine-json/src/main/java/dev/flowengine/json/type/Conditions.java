package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads conditions: an operator on a field, or {@code and}, {@code or} and {@code not} of other conditions. */
final class Conditions {
    private static final int DEEPEST = 20;
    private static final List<String> COMPOSED = List.of("and", "or", "not");
    private static final String[] NAMES = Stream.of(Stream.of("field"), COMPOSED.stream(), Operator.names().stream())
            .flatMap(Function.identity())
            .toArray(String[]::new);

    private Conditions() {}

    /** Reads a condition that is an object of parameters; what is wrong with it is noted. */
    static Condition read(DataReader reader) {
        return read(reader, 1);
    }

    private static Condition read(DataReader reader, int depth) {
        reader.knows(NAMES);
        Set<String> given = reader.names();
        given.retainAll(Arrays.asList(NAMES));
        if (depth > DEEPEST) {
            reader.problem("is a condition nested more than " + DEEPEST + " deep");
            return Condition.ALWAYS;
        }
        if (given.contains("field")) {
            return test(reader, given);
        }
        if (given.size() == 1 && COMPOSED.containsAll(given)) {
            return composed(reader, given.iterator().next(), depth);
        }
        reader.problem("should be one condition: a field with an operator, or one of and, or, not");
        return Condition.ALWAYS;
    }

    private static Condition composed(DataReader reader, String how, int depth) {
        if (how.equals("not")) {
            return Condition.not(read(reader.object(how), depth + 1));
        }
        List<Condition> parts =
                reader.objects(how).stream().map(part -> read(part, depth + 1)).toList();
        if (parts.isEmpty()) {
            reader.expected(how, "a list of at least one condition");
        }
        return how.equals("and") ? Condition.all(parts) : Condition.any(parts);
    }

    private static Condition test(DataReader reader, Set<String> given) {
        DataPointer field = DataPointer.read(reader, "field");
        given.remove("field");
        if (given.size() != 1 || COMPOSED.containsAll(given)) {
            reader.problem("needs exactly one operator beside the field; operators are "
                    + String.join(", ", Operator.names()));
            return Condition.ALWAYS;
        }
        String name = given.iterator().next();
        Operator operator = Operator.of(name);
        Object operand = reader.value(name);
        if (!operator.takes(operand)) {
            reader.expected(name, operator.operand());
        }
        return Condition.at(field, operator, operand);
    }
}
