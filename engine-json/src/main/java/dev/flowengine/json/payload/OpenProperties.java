package dev.flowengine.json.payload;

import dev.flowengine.model.FlowError;
import java.util.List;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.ValueSerializerModifier;

/** Writes properties of open types as plain data. */
final class OpenProperties extends ValueSerializerModifier {
    private static final long serialVersionUID = 1L;

    private final transient PlainSerializer inputs;

    /**
     * Creates a modifier.
     *
     * @param inputs writes what failed nodes were given
     */
    OpenProperties(PlainSerializer inputs) {
        this.inputs = inputs;
    }

    @Override
    public List<BeanPropertyWriter> changeProperties(
            SerializationConfig config, BeanDescription.Supplier bean, List<BeanPropertyWriter> properties) {
        for (BeanPropertyWriter property : properties) {
            boolean left = !property.hasSerializer() && property.getTypeSerializer() == null;
            if (left && OpenTypes.isOpen(property.getType())) {
                property.assignSerializer(bean.getBeanClass() == FlowError.class ? inputs : PlainSerializer.INSTANCE);
            }
        }
        return properties;
    }
}
