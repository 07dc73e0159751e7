package dev.flowengine.node;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Values per port, null included: the input of a start in the middle of a flow, or the pinned output of a node. */
public final class PortValues {
    private static final PortValues NONE = new PortValues(new LinkedHashMap<>());

    private final Map<String, @Nullable Object> values;

    private PortValues(Map<String, @Nullable Object> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /**
     * No value on any port.
     *
     * @return an empty set of values
     */
    public static PortValues none() {
        return NONE;
    }

    /**
     * A value on one port.
     *
     * @param port name of the port
     * @param value the value, may be null
     * @return the values
     */
    public static PortValues of(String port, @Nullable Object value) {
        return NONE.and(port, value);
    }

    /**
     * The same values and one more.
     *
     * @param port name of the port
     * @param value the value, may be null
     * @return a copy
     * @throws FlowException if the port has a value already
     */
    public PortValues and(String port, @Nullable Object value) {
        Objects.requireNonNull(port, "port");
        if (values.containsKey(port)) {
            throw FlowException.of(FailureKind.INVALID_DEFINITION, "port '" + port + "' is given two values")
                    .suggestedResolution("Give each port one value; a collecting port takes a list.")
                    .build();
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(values);
        copy.put(port, value);
        return new PortValues(copy);
    }

    /**
     * The values by port.
     *
     * @return an unmodifiable map in the order the values were given; a value may be null
     */
    public Map<String, @Nullable Object> asMap() {
        return values;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PortValues that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
