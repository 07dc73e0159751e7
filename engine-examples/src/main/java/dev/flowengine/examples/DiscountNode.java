package dev.flowengine.examples;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node type of an application's own: takes some percent off a number of its input. It is found because
 * {@code META-INF/services} names it, which is also why it is public.
 */
public final class DiscountNode implements NodeType {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    @Override
    public String name() {
        return "discount";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        String field = parameters.text("field");
        BigDecimal percent = parameters.number("percent");
        if (percent.signum() < 0 || percent.compareTo(HUNDRED) > 0) {
            parameters.expected("percent", "a number from 0 to 100");
        }
        return NodeDefinition.builder(nodeId)
                .body(context -> reduced(context.input(), field, percent))
                .cpuBound();
    }

    private static Map<Object, @Nullable Object> reduced(@Nullable Object input, String field, BigDecimal percent) {
        if (!(input instanceof Map<?, ?> order) || !(order.get(field) instanceof Number price)) {
            throw new IllegalArgumentException("there is no number called '" + field + "' to take a discount off");
        }
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>(order);
        BigDecimal share = HUNDRED.subtract(percent).movePointLeft(2);
        copy.put(field, new BigDecimal(price.toString()).multiply(share).setScale(2, RoundingMode.HALF_UP));
        return Collections.unmodifiableMap(copy);
    }
}
