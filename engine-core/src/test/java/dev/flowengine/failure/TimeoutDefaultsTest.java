package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.Timeouts;
import dev.flowengine.model.ExecutionStatus;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("S27 a limit is set by the node, else by the flow, else by the engine, else there is none")
class TimeoutDefaultsTest {
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void let_go() {
        release.countDown();
    }

    private NodeDefinition.Builder blocking() {
        return Nodes.node("a", context -> {
            Nodes.awaitOpen(release);
            return 1;
        });
    }

    private static Timeouts timeouts(boolean ofAttempt, Integer seconds) {
        if (seconds == null) {
            return Timeouts.none();
        }
        Duration limit = Duration.ofSeconds(seconds);
        return ofAttempt ? Timeouts.none().attempt(limit) : Timeouts.none().node(limit);
    }

    @ParameterizedTest(name = "attempt {0}: node {1}, flow {2}, engine {3} gives {4}")
    @CsvSource({
        "true, 5, 20, 30, 5",
        "true, 50, 20, 30, 50",
        "true, , 20, 30, 20",
        "true, , 40, 30, 40",
        "true, , , 30, 30",
        "false, 5, 20, 30, 5",
        "false, 50, 20, 30, 50",
        "false, , 20, 30, 20",
        "false, , , 30, 30"
    })
    @DisplayName("S27 the closest limit counts, also if it is the longest")
    void the_closest_limit_counts(boolean ofAttempt, Integer node, Integer flow, Integer engine, int expected) {
        NodeDefinition.Builder definition = blocking();
        if (node != null && ofAttempt) {
            definition.timeout(Duration.ofSeconds(node));
        } else if (node != null) {
            definition.nodeTimeout(Duration.ofSeconds(node));
        }
        Flow limited = Nodes.lineOf(definition.build())
                .timeouts(timeouts(ofAttempt, flow))
                .build();
        try (Bench bench = Bench.with(builder -> builder.timeouts(timeouts(ofAttempt, engine)))) {
            FlowExecution run = bench.start(limited);
            assertThat(bench.passNext()).isEqualTo(Duration.ofSeconds(expected));

            assertThat(Bench.node(Bench.ended(run), "a").failure().orElseThrow().message())
                    .contains("took longer than " + Duration.ofSeconds(expected));
        }
    }

    @Test
    @DisplayName("S27 attempt and node limits are set apart: one from the flow does not hide the other of the engine")
    void limits_are_set_apart() {
        Flow limited = Nodes.lineOf(blocking().build())
                .timeouts(Timeouts.none().attempt(Duration.ofSeconds(20)))
                .build();
        Timeouts ofEngine = Timeouts.none().node(Duration.ofSeconds(10)).attempt(Duration.ofSeconds(1));
        try (Bench bench = Bench.with(builder -> builder.timeouts(ofEngine))) {
            FlowExecution run = bench.start(limited);
            bench.time().awaitPending(2);
            assertThat(bench.passNext()).isEqualTo(Duration.ofSeconds(10));

            assertThat(Bench.node(Bench.ended(run), "a").failure().orElseThrow().message())
                    .isEqualTo("node 'a' took longer than PT10S, waits and all attempts included");
        }
    }

    @Test
    @DisplayName("S27 without any limit nothing is scheduled, and a run takes as long as it takes")
    void nothing_is_limited_unless_it_is_said() {
        try (Bench bench = Bench.plain()) {
            FlowExecution run = bench.start(Nodes.line(blocking().build()));
            Bench.awaitUntil(
                    "the body runs", () -> run.snapshot().executionPath().contains("a"));
            assertThat(bench.time().pending()).isZero();
            bench.time().advance(Duration.ofDays(365));
            release.countDown();

            assertThat(Bench.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName(
            "S27 the limits of the engine reach every node with a body, and leave triggers and disabled nodes alone")
    void defaults_reach_every_body() {
        FlowDefinition flow = Nodes.lineOf(
                Nodes.fine("off").disabled().build(),
                NodeDefinition.builder("pass").passThrough().build(),
                NodeDefinition.builder("b")
                        .cpuBound()
                        .body(context -> Thread.currentThread().getName())
                        .build());
        Timeouts ofEngine = Timeouts.none().attempt(Duration.ofSeconds(1)).node(Duration.ofSeconds(9));
        try (Bench bench = Bench.with(builder -> builder.timeouts(ofEngine))) {
            var result = bench.run(flow.build());

            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(result.output("b", String.class))
                    .as("what may be cut short runs on a thread for bodies")
                    .startsWith("flowengine-body");
            assertThat(bench.time().pending()).isZero();
        }
    }
}
