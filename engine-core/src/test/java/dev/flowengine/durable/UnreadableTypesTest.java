package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.JavaCodec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S46 a flow is refused if what its nodes put out could be kept and not be read again")
class UnreadableTypesTest {
    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();

    @Test
    @DisplayName("when it is registered, with all such nodes and the reasons, and nothing is kept of it")
    void refused() {
        FlowBuilder f = Flow.builder("orders").version("1");
        TriggerRef<String> t = f.trigger("t", String.class);
        f.node("sum", t, String::length).returns(Integer.class);
        f.node("pay", t, text -> 'x').returns(Character.class);
        f.node("ship", t, text -> 1L).returns(Long.class);
        Flow flow = f.build();
        try (FlowEngine engine =
                Durable.builder(memory).codec(new OneWayCodec()).build()) {
            assertThatThrownBy(() -> engine.register(flow))
                    .isInstanceOfSatisfying(FlowException.class, refused -> {
                        assertThat(refused.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
                        assertThat(refused.affectedNodes()).containsExactly("pay", "ship");
                        assertThat(refused.suggestedResolution()).contains("records");
                    })
                    .hasMessageContaining("'pay' (java.lang.Character is a trap)")
                    .hasMessageContaining("'ship' (java.lang.Long is a trap)");
            assertThatThrownBy(() -> engine.executeFromTrigger(flow, t, "x")).hasMessageContaining("'pay'");
        }
        assertThat(memory.flow(new FlowKey("orders", "1"))).isEmpty();
    }

    /** Reads neither characters nor longs. */
    private static final class OneWayCodec implements PayloadCodec {
        private final PayloadCodec codec = new JavaCodec();

        @Override
        public String contentType() {
            return codec.contentType();
        }

        @Override
        public byte[] encode(@Nullable Object value, TypeRef<?> type) {
            return codec.encode(value, type);
        }

        @Override
        public <T> @Nullable T decode(byte[] bytes, TypeRef<T> type) {
            return codec.decode(bytes, type);
        }

        @Override
        public Optional<String> unreadable(TypeRef<?> type) {
            boolean trap = type.equals(TypeRef.of(Character.class)) || type.equals(TypeRef.of(Long.class));
            return trap ? Optional.of(type + " is a trap") : Optional.empty();
        }
    }
}
