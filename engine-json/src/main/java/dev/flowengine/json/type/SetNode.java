package dev.flowengine.json.type;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.node.ValueBody;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passes on a copy of its input in which some values are removed and others set, in this order. */
public final class SetNode implements NodeType {

    @Override
    public String name() {
        return "set";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        Map<DataPointer, @Nullable Object> values = values(parameters.optionalObject("values"));
        List<DataPointer> removed = removed(parameters);
        ValueBody body = context -> {
            DataDraft draft = new DataDraft(context.input());
            removed.forEach(draft::remove);
            values.forEach(draft::set);
            return draft.data();
        };
        return NodeDefinition.builder(nodeId).body(body).cpuBound();
    }

    private static Map<DataPointer, @Nullable Object> values(DataReader reader) {
        Map<DataPointer, @Nullable Object> values = new LinkedHashMap<>();
        for (String name : reader.names()) {
            Object value = reader.value(name);
            DataPointer.parse(name)
                    .ifPresentOrElse(
                            pointer -> values.put(pointer, value),
                            () -> reader.problem(name, "has a name that is no " + DataPointer.FORM));
        }
        return values;
    }

    private static List<DataPointer> removed(DataReader parameters) {
        List<DataPointer> removed = new ArrayList<>();
        int index = 0;
        for (Object element : parameters.has("remove") ? parameters.list("remove") : List.of()) {
            Optional<DataPointer> pointer = element instanceof String text ? DataPointer.parse(text) : Optional.empty();
            int place = index++;
            pointer.filter(below -> !below.steps().isEmpty())
                    .ifPresentOrElse(
                            removed::add,
                            () -> parameters.expected("remove", place, "a " + DataPointer.FORM + " below the input"));
        }
        return removed;
    }
}
