package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.flowengine.extension.PayloadCodec;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.TypeRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

@DisplayName(
        "S46 values of sealed types are told apart by what the types permit, and what could not be read is known before")
class SealedPayloadTest {
    private final PayloadCodec codec = new JsonPayloadCodec();

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of(new Card("4711", Optional.of(3)), TypeRef.of(Payment.class)),
                Arguments.of(null, TypeRef.of(Payment.class)),
                Arguments.of(new Sepa("DE02"), TypeRef.of(Transfer.class)),
                Arguments.of(Cash.COINS, TypeRef.of(Payment.class)),
                Arguments.of(
                        new Order(new Sepa("DE02"), Map.of("a", new Card("1", Optional.empty()))),
                        TypeRef.of(Order.class)),
                Arguments.of(
                        Arrays.asList(new Card("1", Optional.empty()), null, new Sepa("AT61")),
                        new TypeRef<List<Payment>>() {}),
                Arguments.of(new Ok<>(List.of(new Sepa("x"))), new TypeRef<Result<List<Payment>>>() {}),
                Arguments.of(new Failed<>("no"), new TypeRef<Result<Instant>>() {}),
                Arguments.of(new Ok<>(Instant.EPOCH), new TypeRef<Result<Instant>>() {}),
                Arguments.of(Optional.of(new Sepa("x")), new TypeRef<Optional<Payment>>() {}),
                Arguments.of(new Card("1", Optional.empty()), TypeRef.of(Card.class)),
                Arguments.of(new Circle(2), TypeRef.of(Shape.class)),
                Arguments.of(new Money(7), TypeRef.of(Amount.class)),
                Arguments.of(ZoneId.of("Europe/Vienna"), TypeRef.of(ZoneId.class)));
    }

    @ParameterizedTest
    @MethodSource("values")
    @DisplayName("they come back as what they were, at any place in a type")
    void come_back(Object value, TypeRef<?> type) {
        assertThat((Object) codec.decode(codec.encode(value, type), type)).isEqualTo(value);
        assertThat(codec.unreadable(type)).isEmpty();
    }

    @Test
    @DisplayName("the data names what the type permits, and no class; of a type by itself it names nothing")
    void names_no_class() {
        assertThat(text(new Sepa("DE02"), TypeRef.of(Payment.class)))
                .isEqualTo("{\"@type\":\"Sepa\",\"iban\":\"DE02\"}");
        assertThat(text(new Sepa("DE02"), TypeRef.of(Sepa.class))).isEqualTo("{\"iban\":\"DE02\"}");
    }

    @Test
    @DisplayName("no other name creates anything")
    void no_other_name() {
        for (String name : List.of("Circle", Sepa.class.getName(), "java.util.ArrayList", "", "sepa")) {
            byte[] bytes = ("{\"@type\":\"" + name + "\",\"iban\":\"x\"}").getBytes(StandardCharsets.UTF_8);
            assertThatExceptionOfType(FlowException.class)
                    .as(name)
                    .isThrownBy(() -> codec.decode(bytes, TypeRef.of(Payment.class)))
                    .satisfies(refused -> assertThat(refused.kind()).isEqualTo(FailureKind.SERIALIZATION));
        }
    }

    @Test
    @DisplayName("what a module of the host writes in a form of its own is read by it, and not told apart")
    void of_a_module() {
        SimpleModule module = new SimpleModule();
        module.addSerializer(Payment.class, new StdSerializer<>(Payment.class) {
            @Override
            public void serialize(Payment value, JsonGenerator out, SerializationContext context) {
                out.writeString(value instanceof Sepa sepa ? sepa.iban() : "?");
            }
        });
        module.addDeserializer(Payment.class, new StdDeserializer<>(Payment.class) {
            @Override
            public Payment deserialize(JsonParser in, DeserializationContext context) {
                return new Sepa(in.getString());
            }
        });
        PayloadCodec ofHost =
                new JsonPayloadCodec(JsonMapper.builder().addModule(module).build());
        TypeRef<List<Payment>> type = new TypeRef<>() {};
        byte[] bytes = ofHost.encode(List.of(new Sepa("DE02")), type);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("[\"DE02\"]");
        assertThat(ofHost.decode(bytes, type)).containsExactly(new Sepa("DE02"));
        assertThat(ofHost.unreadable(type)).isEmpty();
        assertThat(new String(ofHost.encode(new Circle(2), TypeRef.of(Shape.class)), StandardCharsets.UTF_8))
                .contains("Circle");
    }

    static Stream<Arguments> unreadable() {
        return Stream.of(
                Arguments.of(TypeRef.of(Vehicle.class), "Vehicle is an interface"),
                Arguments.of(new TypeRef<List<Vehicle>>() {}, "Vehicle is an interface"),
                Arguments.of(new TypeRef<Map<String, Optional<Vehicle>>>() {}, "Vehicle is an interface"),
                Arguments.of(TypeRef.of(Garage.class), "Vehicle is an interface"),
                Arguments.of(TypeRef.of(Permitting.class), "Vehicle is an interface"),
                Arguments.of(TypeRef.of(Frame.class), "Frame is abstract"),
                Arguments.of(TypeRef.of(Counting.class), "has no constructor"),
                Arguments.of(TypeRef.of(Extensible.class), "which anybody may extend"),
                Arguments.of(TypeRef.of(Twins.class), "two classes named Twin"),
                Arguments.of(TypeRef.of(ByClass.class), "class names"));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    @DisplayName("types that could be written and not be read are told, with the reason, wherever they hide")
    void told_before(TypeRef<?> type, String why) {
        assertThat(codec.unreadable(type).orElseThrow()).contains(why);
        assertThat(codec.unreadable(type)).as("asked again").isPresent();
    }

    static Stream<TypeRef<?>> readable() {
        return Stream.of(
                TypeRef.of(Object.class),
                TypeRef.of(String.class),
                TypeRef.of(Void.class),
                TypeRef.of(Number.class),
                TypeRef.of(FlowError.class),
                TypeRef.of(Told.class),
                TypeRef.of(Tree.class),
                new TypeRef<Map<Instant, List<Object>>>() {},
                new TypeRef<ArrayList<Integer>>() {},
                TypeRef.of(int[].class));
    }

    @ParameterizedTest
    @MethodSource("readable")
    @DisplayName(
            "what can be read is not refused: plain data, what is told apart where it is used, types within themselves")
    void not_refused(TypeRef<?> type) {
        assertThat(codec.unreadable(type)).isEmpty();
    }

    private String text(Object value, TypeRef<?> type) {
        return new String(codec.encode(value, type), StandardCharsets.UTF_8);
    }

    sealed interface Payment permits Card, Transfer, Cash {}

    record Card(String number, Optional<Integer> rates) implements Payment {}

    sealed interface Transfer extends Payment permits Sepa, Swift {}

    record Sepa(String iban) implements Transfer {}

    record Swift(String bic) implements Transfer {}

    enum Cash implements Payment {
        NOTES,
        COINS
    }

    record Order(Payment paid, Map<String, Payment> refused) {}

    sealed interface Result<T> permits Ok, Failed {}

    record Ok<T>(T value) implements Result<T> {}

    record Failed<T>(String why) implements Result<T> {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface Shape permits Circle {}

    record Circle(double radius) implements Shape {}

    sealed interface Amount permits Money {
        @JsonCreator
        static Amount of(long cents) {
            return new Money(cents);
        }

        @JsonValue
        long cents();
    }

    record Money(long cents) implements Amount {}

    interface Vehicle {}

    record Garage(String name, List<Vehicle> vehicles) {}

    sealed interface Permitting permits Parked {}

    record Parked(Vehicle vehicle) implements Permitting {}

    abstract static class Frame {
        public int width;
    }

    static final class Counting {
        public final int count;

        private Counting(int count, boolean unused) {
            this.count = count;
        }

        static Counting of(int count) {
            return new Counting(count, true);
        }
    }

    sealed interface Extensible permits Open {}

    static non-sealed class Open implements Extensible {}

    sealed interface Twins permits First.Twin, Second.Twin {}

    static final class First {
        record Twin(int a) implements Twins {}
    }

    static final class Second {
        record Twin(int b) implements Twins {}
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface ByClass {}

    record Told(
            @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
            @JsonSubTypes(@JsonSubTypes.Type(value = Bike.class, name = "bike"))
            Vehicle vehicle) {}

    record Bike(int wheels) implements Vehicle {}

    record Tree(String name, List<Tree> children) {}
}
