package dev.flowengine.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/**
 * A value in a JSON file, together with where it is: what is missing or of another type is reported by its place.
 *
 * @param file the file
 * @param pointer JSON pointer of the value; empty for the whole document
 * @param node the value
 */
record JsonPlace(Path file, String pointer, JsonNode node) {

    /** The value of a field that must be there. */
    JsonPlace field(String name) {
        if (!node.isObject()) {
            throw expected("an object with the field '" + name + "'");
        }
        JsonNode value = node.get(name);
        if (value == null) {
            throw problem("the field '" + name + "' is missing", "add it, or record the trace again");
        }
        String escaped = name.replace("~", "~0").replace("/", "~1");
        return new JsonPlace(file, pointer + "/" + escaped, value);
    }

    /** The elements of what must be an array. */
    List<JsonPlace> items() {
        if (!node.isArray()) {
            throw expected("an array");
        }
        List<JsonPlace> items = new ArrayList<>(node.size());
        for (JsonNode item : node.values()) {
            items.add(new JsonPlace(file, pointer + "/" + items.size(), item));
        }
        return items;
    }

    /** What must be a string that is not blank. */
    String text() {
        if (!node.isString() || node.stringValue().isBlank()) {
            throw expected("a string that is not blank");
        }
        return node.stringValue();
    }

    /** What must be a number from 0 to a maximum. */
    double number(double max) {
        OptionalDouble value = node.isNumber() ? node.doubleValueOpt() : OptionalDouble.empty();
        if (value.isEmpty() || !(value.getAsDouble() >= 0 && value.getAsDouble() <= max)) {
            throw expected("a number from 0 to " + Math.round(max));
        }
        return value.getAsDouble();
    }

    InvalidTraceException problem(String found, String remedy) {
        return new InvalidTraceException(file, pointer, found, remedy);
    }

    private InvalidTraceException expected(String what) {
        String text = node.toString();
        String found = text.length() <= 60 ? text : text.substring(0, 60) + "...";
        return problem("found " + found + " (" + node.getNodeType() + ")", "write " + what + " there");
    }
}
