package dev.flowengine.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypeRefTest {

    @Test
    void captures_generics_and_names_them() {
        TypeRef<Map<String, List<Integer>>> ref = new TypeRef<>() {};

        assertThat(ref)
                .hasToString("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>")
                .isEqualTo(new TypeRef<Map<String, List<Integer>>>() {})
                .hasSameHashCodeAs(new TypeRef<Map<String, List<Integer>>>() {})
                .isNotEqualTo(new TypeRef<Map<String, List<Long>>>() {});
        assertThat(ref.type().getTypeName()).isEqualTo(ref.toString());
    }

    @Test
    void of_a_class_equals_the_captured_class() {
        assertThat(TypeRef.of(String.class))
                .isEqualTo(new TypeRef<String>() {})
                .hasToString("java.lang.String")
                .isNotEqualTo(TypeRef.of(CharSequence.class))
                .isNotEqualTo("java.lang.String");
    }

    @Test
    void accepts_instances_of_its_raw_type_and_null() {
        TypeRef<List<Integer>> ref = new TypeRef<>() {};

        assertThat(ref.accepts(List.of(1))).isTrue();
        assertThat(ref.accepts(List.of("generic parts cannot be seen"))).isTrue();
        assertThat(ref.accepts(Map.of())).isFalse();
        assertThat(ref.accepts(null)).isTrue();
    }

    @Test
    void a_primitive_accepts_what_boxes_to_it_and_nothing_wider() {
        assertThat(TypeRef.of(int.class).accepts(1)).isTrue();
        assertThat(TypeRef.of(int.class).accepts(1L)).isFalse();
        assertThat(TypeRef.of(boolean.class).accepts(true)).isTrue();
        assertThat(TypeRef.of(void.class).accepts(null)).isTrue();
        assertThat(TypeRef.of(void.class).accepts("")).isFalse();
    }

    @Test
    void arrays_are_told_apart_by_their_elements() {
        assertThat(new TypeRef<List<String>[]>() {}.accepts(new List<?>[0])).isTrue();
        assertThat(new TypeRef<List<String>[]>() {}.accepts(new Object[0])).isFalse();
        assertThat(new TypeRef<String[][]>() {}.accepts(new String[0][])).isTrue();
        assertThat(new TypeRef<String[][]>() {}.accepts(new String[0])).isFalse();
        assertThat(new TypeRef<int[]>() {}.accepts(new int[0])).isTrue();
    }

    @Test
    void a_type_variable_accepts_what_its_bound_does() {
        TypeRef<? extends Number> bounded = variable();
        TypeRef<?> unbounded = unboundedVariable();

        assertThat(bounded.accepts(1.5)).isTrue();
        assertThat(bounded.accepts("1.5")).isFalse();
        assertThat(unbounded.accepts("anything")).isTrue();
    }

    @Test
    @SuppressWarnings("rawtypes")
    void cannot_be_created_without_a_type() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new TypeRef() {})
                .withMessage("create a TypeRef as an anonymous class: new TypeRef<List<Order>>() {}");
        assertThatNullPointerException().isThrownBy(() -> TypeRef.of(null)).withMessage("type");
    }

    @Test
    void cannot_be_created_over_a_class_in_between() {
        assertThatIllegalStateException().isThrownBy(() -> new InBetween<String>() {});
    }

    @ParameterizedTest
    @ValueSource(classes = {byte.class, short.class, char.class, long.class, float.class, double.class})
    void keeps_the_primitive_type_it_was_given(Class<?> primitive) {
        assertThat(TypeRef.of(primitive).type()).isEqualTo(primitive);
    }

    private static <N extends Number> TypeRef<N> variable() {
        return new TypeRef<>() {};
    }

    private static <A> TypeRef<A> unboundedVariable() {
        return new TypeRef<>() {};
    }

    private static class InBetween<T> extends TypeRef<List<T>> {}
}
