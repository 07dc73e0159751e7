package dev.flowengine.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.AbstractMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PortValuesTest {

    @Test
    void keeps_values_in_the_order_given_null_included() {
        PortValues values = PortValues.of("b", 2).and("a", null).and("c", "three");

        assertThat(values.asMap())
                .containsExactly(Map.entry("b", 2), new AbstractMap.SimpleEntry<>("a", null), Map.entry("c", "three"));
        assertThat(values).hasToString("{b=2, a=null, c=three}");
    }

    @Test
    void adding_makes_a_copy() {
        PortValues one = PortValues.of("a", 1);

        PortValues two = one.and("b", 2);

        assertThat(one.asMap()).containsOnlyKeys("a");
        assertThat(two.asMap()).containsOnlyKeys("a", "b");
        assertThat(PortValues.none().asMap()).isEmpty();
        assertThatThrownBy(() -> one.asMap().put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void a_port_has_one_value_even_if_that_is_null() {
        PortValues values = PortValues.of("a", null);

        FlowException error = catchThrowableOfType(FlowException.class, () -> values.and("a", 1));

        assertThat(error.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
        assertThat(error).hasMessage("port 'a' is given two values");
        assertThat(error.suggestedResolution()).isNotBlank();
    }

    @Test
    void is_equal_by_ports_and_values() {
        assertThat(PortValues.of("a", 1).and("b", 2))
                .isEqualTo(PortValues.of("b", 2).and("a", 1))
                .hasSameHashCodeAs(PortValues.of("b", 2).and("a", 1))
                .isNotEqualTo(PortValues.of("a", 1))
                .isNotEqualTo(null);
        assertThat(PortValues.of("a", null)).isNotEqualTo(PortValues.none());
    }

    @Test
    void refuses_a_port_without_name() {
        assertThatNullPointerException()
                .isThrownBy(() -> PortValues.of(null, 1))
                .withMessage("port");
    }
}
