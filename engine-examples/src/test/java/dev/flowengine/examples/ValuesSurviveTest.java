package dev.flowengine.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.zaxxer.hikari.HikariDataSource;
import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.InputSpec;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.jdbc.JdbcExecutionStore;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.TypeRef;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Core, JSON and JDBC together, as hosts have them: one engine begins, and another one, with a flow built anew, goes on. */
@Timeout(300)
class ValuesSurviveTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Line NAIL = new Line("nail", 3);
    private static final Order ORDER = new Order(
            "A-17",
            new BigDecimal("1200.50"),
            Instant.parse("2026-03-04T05:06:07.123456789Z"),
            Optional.of("red"),
            Optional.empty(),
            List.of(NAIL, new Line("\u00e4 \u6f22 \uD83D\uDE00", Integer.MAX_VALUE)));

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({"memory, closed", "memory, cut off", "file, closed", "file, cut off"})
    void a_typed_flow_is_recovered_with_the_values_it_had(String where, String how) throws Exception {
        String url = where.equals("file")
                ? "jdbc:h2:file:" + folder.resolve("flows")
                : "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        DatabaseAddress database = DatabaseAddress.of(url, "sa", "");
        Typed first = new Typed();
        String id = begin(database, first, how.equals("cut off"));

        Typed second = new Typed();
        second.open.countDown();
        assertThat(end(database, second, id)).isEqualTo(everything());
        assertThat(second.ran).as("what was not recorded, and nothing else").containsExactlyInAnyOrder("gate", "all");
        assertThat(first.ran).doesNotContain("all").contains("gate");

        Typed third = new Typed();
        assertThat(end(database, third, id)).as("read from the database").isEqualTo(everything());
        assertThat(third.ran).isEmpty();
    }

    /** Returns the id of an execution that was left in the middle. */
    private static String begin(DatabaseAddress database, Typed typed, boolean cutOff) throws Exception {
        HikariDataSource pool = database.pool();
        FlowEngine engine = engine(pool);
        try {
            String id =
                    engine.executeFromTrigger(typed.flow, typed.placed, ORDER).id();
            assertThat(typed.entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            if (cutOff) {
                pool.close();
            }
            return id;
        } finally {
            engine.close(Duration.ZERO);
            pool.close();
        }
    }

    private static Everything end(DatabaseAddress database, Typed typed, String id) throws Exception {
        try (HikariDataSource pool = database.pool();
                FlowEngine engine = engine(pool)) {
            engine.register(typed.flow);
            ExecutionResult end = engine.find(id).orElseThrow().await(PATIENCE).orElseThrow();
            assertThat(end.failure()).isEmpty();
            assertThat(end.status()).isEqualTo(ExecutionStatus.COMPLETED);
            return end.output(typed.all);
        }
    }

    private static FlowEngine engine(HikariDataSource pool) {
        return FlowEngine.builder()
                .store(JdbcExecutionStore.builder(pool).createSchema(true).build())
                .lease(Duration.ofSeconds(2))
                .sweepInterval(Duration.ofMillis(50))
                .build();
    }

    private static Everything everything() {
        return new Everything(
                ORDER,
                Map.of("nail", List.of(NAIL), "none", List.of()),
                new Square(new BigDecimal("2.50")),
                List.of(new Circle(0.1), new Square(BigDecimal.ONE)),
                null,
                Optional.empty(),
                Optional.of(NAIL));
    }

    /** Of the flow: what a process builds for itself. */
    private static final class Typed {
        final Set<String> ran = ConcurrentHashMap.newKeySet();
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        final FlowBuilder f = Flow.builder("typed").version("1");
        final TriggerRef<Order> placed = f.trigger("placed", Order.class);
        final NodeRef<Map<String, List<Line>>> byName =
                node("by-name", everything().byName()).returns(new TypeRef<>() {});
        final NodeRef<Shape> shape = node("shape", everything().shape()).returns(Shape.class);
        final NodeRef<List<Shape>> shapes =
                node("shapes", everything().shapes()).returns(new TypeRef<>() {});
        final NodeRef<@Nullable String> nothing =
                this.<@Nullable String>node("nothing", null).returns(String.class);
        final NodeRef<Optional<String>> empty =
                node("empty", everything().empty()).returns(new TypeRef<>() {});
        final NodeRef<Optional<Line>> present =
                node("present", everything().present()).returns(new TypeRef<>() {});
        final NodeRef<Void> gate =
                f.action("gate", InputSpec.of(byName, shape, shapes, nothing, empty, present), any -> {
                    ran.add("gate");
                    entered.countDown();
                    open.await();
                });
        final NodeRef<Everything> all = f.node(
                        "all", InputSpec.of(placed, byName, shape, shapes, nothing, empty, present, gate), in -> {
                            ran.add("all");
                            assertThat(in.get(gate)).isNull();
                            return new Everything(
                                    in.get(placed),
                                    in.get(byName),
                                    in.get(shape),
                                    in.get(shapes),
                                    in.get(nothing),
                                    in.get(empty),
                                    in.get(present));
                        })
                .returns(Everything.class);
        final Flow flow = f.build();

        private <T extends @Nullable Object> NodeRef<T> node(String id, T value) {
            return f.node(id, placed, order -> {
                ran.add(id);
                assertThat(order).isEqualTo(ORDER);
                return value;
            });
        }
    }

    record Line(String article, int pieces) {}

    record Order(
            String id,
            BigDecimal total,
            Instant placed,
            Optional<String> colour,
            Optional<String> remark,
            List<Line> lines) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface Shape permits Circle, Square {}

    record Circle(double radius) implements Shape {}

    record Square(BigDecimal side) implements Shape {}

    record Everything(
            Order order,
            Map<String, List<Line>> byName,
            Shape shape,
            List<Shape> shapes,
            @Nullable String nothing,
            Optional<String> empty,
            Optional<Line> present) {}
}
