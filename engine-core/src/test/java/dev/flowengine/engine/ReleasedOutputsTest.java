package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Flows whose executions let go of what nobody waits for. */
@DisplayName("S46 released outputs")
class ReleasedOutputsTest {
    private final FlowBuilder f = Flow.builder("released").releaseOutputs();
    private final TriggerRef<Integer> t = f.trigger("t", Integer.class);

    @WithThreads
    @DisplayName("what a long chain holds in memory is what the next node reads, whatever came before")
    void a_chain_holds_what_is_next(int threads) {
        Map<String, WeakReference<Parcel>> made = new ConcurrentHashMap<>();
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        NodeRef<Parcel> at = f.node("p0", t, n -> parcel(made, "p0"));
        NodeRef<Parcel> kept =
                f.node("kept", at, before -> parcel(made, "kept")).keep();
        for (int i = 1; i <= 50; i++) {
            String id = "p" + i;
            at = f.node(id, at, before -> parcel(made, id));
        }
        NodeRef<Parcel> last = at;
        f.node("gate", last, kept, (parcel, other) -> {
            reached.countDown();
            Runs.awaitOpen(open);
            return parcel.id;
        });
        try (FlowEngine engine = Engines.withThreads(threads)) {
            FlowExecution run = engine.executeFromTrigger(f.build(), t, 1);
            try {
                Runs.awaitOpen(reached);
                awaitGone(made, "p0", "p1", "p25", "p49");
                assertThat(made.get("p50").get()).as("what the gate reads").isNotNull();
                assertThat(made.get("kept").get()).as("what is kept").isNotNull();
            } finally {
                open.countDown();
            }
            ExecutionResult result = Runs.ended(run);
            assertThat(result.output("gate", String.class)).isEqualTo("p50");
            assertThat(result.output(kept).id).isEqualTo("kept");
            awaitGone(made, "p50");
        }
    }

    @Test
    @DisplayName("a result says that an output is gone and why; outputs that nobody reads, or are kept, are there")
    void a_result_says_what_is_gone() {
        NodeRef<Integer> twice = f.node("twice", t, n -> 2 * n);
        NodeRef<Integer> kept = f.node("kept", twice, n -> n + 1).keep();
        NodeRef<Integer> end = f.node("end", kept, n -> n + 1);
        NodeRef<Integer> other = f.node("other", twice, n -> -n);
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(f.build(), t, 5));

            assertThat(result.output(kept)).isEqualTo(11);
            assertThat(result.output(end)).isEqualTo(12);
            assertThat(result.output(other)).isEqualTo(-10);
            assertThat(Runs.node(result, "twice").firedPorts()).containsExactly("main");
            for (ThrowingRead read : List.<ThrowingRead>of(
                    () -> result.output(twice),
                    () -> result.output("twice", Integer.class),
                    () -> result.outputs("twice"))) {
                assertThatExceptionOfType(FlowException.class)
                        .isThrownBy(read::read)
                        .withMessageContainingAll("node 'twice' has let go of its outputs", "releaseOutputs()")
                        .satisfies(refusal -> {
                            assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_FOUND);
                            assertThat(refusal.suggestedResolution()).contains("keep()");
                        });
            }
        }
    }

    @Test
    @DisplayName("S26 what a compensation reads stays: what its node has read and put out")
    void what_may_be_undone_stays() {
        List<String> undone = new CopyOnWriteArrayList<>();
        f.compensate(CompensationPolicy.onFailure());
        NodeRef<String> flight = f.node("flight", t, n -> "flight " + n)
                .compensate((made, context) -> undone.add(made + " for " + context.input()));
        NodeRef<String> hotel = f.node("hotel", flight, booked -> "hotel")
                .compensate((made, context) -> undone.add(made + " after " + context.input()));
        f.action("charge", hotel, booked -> {
            throw new IllegalStateException("no");
        });
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeFromTrigger(f.build(), t, 5)).status())
                    .isEqualTo(ExecutionStatus.FAILED);
        }
        assertThat(undone).containsExactly("hotel after flight 5", "flight 5 for 5");
    }

    @WithThreads
    @DisplayName(
            "S20 S11 retries, branches not taken, failures and nodes that only wait for others read what they need")
    void whatever_becomes_of_the_readers(int threads) {
        NodeRef<Parcel> source = f.node("source", t, n -> new Parcel("source"));
        var attempts = new java.util.concurrent.atomic.AtomicInteger();
        NodeRef<String> retried = f.node("retried", source, parcel -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("planned");
                    }
                    return parcel.id;
                })
                .retry(dev.flowengine.flow.RetryPolicy.fixed(Duration.ZERO).maxAttempts(3));
        NodeRef<String> failing = f.node("failing", source, parcel -> {
            throw new IllegalStateException("planned");
        });
        NodeRef<String> handled = f.node("handled", failing.error(), error -> error.message());
        NodeRef<String> waiting = f.contextNode(
                "waiting", t, (n, context) -> context.execution().output(source).value().id);
        waiting.after(source, retried);
        f.node(
                "never",
                f.branch("way", source)
                        .when("no", parcel -> false)
                        .otherwise("yes")
                        .on("no"),
                parcel -> parcel.id);
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int i = 0; i < 20; i++) {
                attempts.set(0);
                ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow(), t, 1));
                assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(result.output(handled)).isEqualTo("planned");
                assertThat(result.output(waiting)).isEqualTo("source");
                assertThatExceptionOfType(FlowException.class)
                        .isThrownBy(() -> result.output(source))
                        .withMessageContaining("releaseOutputs()");
            }
        }
    }

    @WithThreads
    @DisplayName("S32 what the body of a loop reads from outside stays for all iterations, and goes with the loop")
    void loops_read_until_they_end(int threads) {
        TypeRef<List<Integer>> numbers = new TypeRef<>() {};
        TriggerRef<List<Integer>> rows = f.trigger("rows", numbers);
        NodeRef<Integer> factor = f.node("factor", rows, all -> 10);
        LoopRef<Integer> each = f.loop("each", rows, n -> {
            NodeRef<Integer> times = f.node("times", n, factor, (v, by) -> v * by);
            LoopRef<Integer> again =
                    f.loopTimes("again", times, 2, pass -> f.node("add", pass, factor, (p, by) -> p + by));
            return f.node("sum", again, all -> all.stream().mapToInt(v -> v).sum());
        });
        NodeRef<Integer> total =
                f.node("total", each, all -> all.stream().mapToInt(v -> v).sum());
        try (FlowEngine engine = Engines.withThreads(threads)) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow(), rows, List.of(1, 2, 3)));

            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(result.output(total)).isEqualTo(69);
            for (String gone : List.of("factor", "each", "times", "again", "sum")) {
                assertThatExceptionOfType(FlowException.class)
                        .isThrownBy(() -> result.outputs(gone))
                        .withMessageContaining("node '" + gone + "' has let go of its outputs");
            }
        }
    }

    @Test
    @DisplayName(
            "S29 S2 a redrive or a part that would need what is gone is refused, naming it; one that does not, runs")
    void what_is_gone_cannot_be_taken_over() {
        NodeRef<Integer> twice = f.node("twice", t, n -> 2 * n).returns(Integer.class);
        NodeRef<Integer> kept =
                f.node("kept", t, n -> n + 1).returns(Integer.class).keep();
        NodeRef<Integer> sum = f.node("sum", twice, kept, Integer::sum).returns(Integer.class);
        NodeRef<Integer> end = f.node("end", sum, kept, Integer::sum).returns(Integer.class);
        try (FlowEngine engine = Engines.create()) {
            String earlier = Runs.ended(engine.executeFromTrigger(flow(), t, 5)).executionId();
            RunOptions from = RunOptions.builder().outputsFrom(earlier).build();

            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.redrive(earlier).from("end").start())
                    .withMessageContainingAll("has let go of outputs", "releaseOutputs()", "twice")
                    .satisfies(refusal -> {
                        assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE);
                        assertThat(refusal.affectedNodes())
                                .contains("twice", "sum")
                                .doesNotContain("kept");
                    });
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> engine.executeFromNode(flow(), "sum", PortValues.none(), from))
                    .withMessageContainingAll("releaseOutputs()", "twice")
                    .satisfies(refusal -> assertThat(refusal.affectedNodes()).containsExactly("twice"));

            assertThat(Runs.ended(engine.redrive(earlier).from("t").start()).output(end))
                    .isEqualTo(22);
            assertThat(Runs.ended(engine.executeFromNode(
                                    flow(),
                                    "end",
                                    PortValues.of("sum", 1),
                                    from.toBuilder().pin("sum", "main", 0).build()))
                            .output(end))
                    .isEqualTo(7);
        }
    }

    private Flow flow() {
        if (built == null) {
            built = f.build();
        }
        return built;
    }

    private Flow built;

    private static Parcel parcel(Map<String, WeakReference<Parcel>> made, String id) {
        Parcel parcel = new Parcel(id);
        made.put(id, new WeakReference<>(parcel));
        return parcel;
    }

    private static void awaitGone(Map<String, WeakReference<Parcel>> made, String... ids) {
        for (String id : ids) {
            await("that " + id + " is gone").atMost(Runs.PATIENCE).until(() -> {
                System.gc();
                return made.get(id).get() == null;
            });
        }
    }

    /** A value whose life can be followed. */
    private static final class Parcel {
        private final String id;

        Parcel(String id) {
            this.id = id;
        }
    }

    /** Reads an output. */
    private interface ThrowingRead {
        void read();
    }
}
