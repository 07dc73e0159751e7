package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JsonPointerTest {
    @Test
    @DisplayName("A pointer finds what is there, null and failures included, and tells what is not")
    void a_pointer_finds_what_is_there() {
        Object data = JsonData.read("{\"a\": [{\"b/c\": 1}, null], \"\": 2}");

        assertThat(pointer("/a/0/b~1c").valueIn(data)).isEqualTo(1);
        assertThat(pointer("/").valueIn(data)).isEqualTo(2);
        assertThat(pointer("").valueIn(data)).isEqualTo(data);
        assertThat(pointer("/a/1").valueIn(data)).isNull();
        assertThat(pointer("/a/1").existsIn(data)).isTrue();
        assertThat(pointer("/a/2").valueIn(data)).isNull();
        assertThat(pointer("/a/2").existsIn(data)).isFalse();
        assertThat(JsonPointer.parse("a")).isEmpty();
        assertThat(JsonPointer.parse("/~2")).isEmpty();
        assertThat(pointer("/a~1"))
                .hasToString("/a~1")
                .isEqualTo(pointer("/a~1"))
                .hasSameHashCodeAs(pointer("/a~1"));
        assertThat(pointer("/a")).isNotEqualTo(pointer("/b"));

        FlowError error = new FlowError(FailureKind.NODE_EXECUTION_FAILED, "x", "why", "", "n", 1, "");
        assertThat(pointer("/message").valueIn(error)).isEqualTo("why");
        assertThat(pointer("").valueIn(error)).isInstanceOf(Map.class);
    }

    private static JsonPointer pointer(String text) {
        return JsonPointer.parse(text).orElseThrow();
    }
}
