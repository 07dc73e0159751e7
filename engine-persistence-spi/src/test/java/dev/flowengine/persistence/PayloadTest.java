package dev.flowengine.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PayloadTest {
    private final byte[] bytes = {0, -1, 65};

    @Test
    void does_not_follow_changes_of_the_bytes_on_either_side() {
        Payload payload = Payload.of("x", bytes);

        bytes[0] = 9;
        payload.bytes()[1] = 9;

        assertThat(payload.bytes()).containsExactly(0, -1, 65);
    }

    @Test
    void streams_its_bytes() throws IOException {
        assertThat(Payload.of("x", bytes).inputStream().readAllBytes()).isEqualTo(bytes);
    }

    @Test
    void is_equal_by_type_and_bytes() {
        Payload payload = Payload.of("x", bytes);

        assertThat(payload).isEqualTo(Payload.of("x", bytes)).hasSameHashCodeAs(Payload.of("x", bytes));
        assertThat(payload).isNotEqualTo(Payload.of("y", bytes)).isNotEqualTo(Payload.of("x", new byte[3]));
        assertThat(payload).isNotEqualTo("x");
    }

    @Test
    void tells_its_type_and_size_and_never_its_content() {
        assertThat(Payload.of("text/plain", new byte[] {65, 66})).hasToString("text/plain, 2 bytes");
        assertThat(Payload.of("text/plain", bytes).contentType()).isEqualTo("text/plain");
        assertThat(Payload.of("text/plain", bytes).size()).isEqualTo(3);
    }
}
