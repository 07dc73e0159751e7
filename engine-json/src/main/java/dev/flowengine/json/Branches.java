package dev.flowengine.json;

import dev.flowengine.extension.DataReader;
import dev.flowengine.flow.ErrorHandling;
import java.util.Set;

/** The built-in types that decide. To go on after a failure would be a decision nobody has made. */
final class Branches {
    private static final Set<Object> TYPES = Set.of("if", "switch");
    private static final Set<ErrorHandling> ALLOWED = Set.of(ErrorHandling.FAIL, ErrorHandling.ERROR_OUTPUT);

    private Branches() {}

    static boolean allow(Object type, ErrorHandling handling) {
        return !TYPES.contains(type) || ALLOWED.contains(handling);
    }

    /** How a node handles failures; if it is a branch and may not, that is noted and harmless handling given. */
    static ErrorHandling checked(ErrorHandling handling, DataReader node) {
        if (node.has("type") && node.value("type") instanceof String type && !allow(type, handling)) {
            node.expected("onError", "FAIL or ERROR_OUTPUT, as a failure is no decision");
            return ErrorHandling.ERROR_OUTPUT;
        }
        return handling;
    }
}
