package dev.flowengine.observing;

import static dev.flowengine.observing.Observatory.failing;
import static dev.flowengine.observing.Observatory.line;
import static dev.flowengine.observing.Observatory.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.ExecutionStatistics;
import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.FlowMetrics;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.plan.Start;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S38 executions of a flow in numbers")
class FlowMetricsTest {

    @Test
    @DisplayName("by status and by start, with rates and times of those that have ended")
    void counts_by_status_and_start() {
        try (Observatory observatory = new Observatory()) {
            Flow flow = orders(observatory);
            observatory.release("c", "c");
            ended(observatory, flow, "placed");
            ended(observatory, flow, "placed");
            ended(observatory, flow, "resent");
            observatory.advance(5);
            FlowExecution running =
                    observatory.engine().executeFromNode(flow, "c", PortValues.of("main", 1), RunOptions.ofDefaults());
            Observatory.awaitRunning(running, "c");
            FlowMetrics metrics = observatory.engine().metrics("orders");

            assertThat(metrics.flowId()).isEqualTo("orders");
            assertThat(metrics.byStart())
                    .containsOnlyKeys(Start.trigger("placed"), Start.trigger("resent"), Start.fromNode("c"));
            ExecutionStatistics placed = metrics.byStart().get(Start.trigger("placed"));
            assertThat(placed.totals())
                    .containsOnlyKeys(ExecutionStatus.values())
                    .containsEntry(ExecutionStatus.COMPLETED, 2)
                    .containsEntry(ExecutionStatus.FAILED, 0);
            assertThat(placed.successRate()).hasValue(1);
            assertThat(placed.meanWallTime()).contains(seconds(20));
            assertThat(placed.longestWallTime()).contains(seconds(30));
            assertThat(placed.running()).isZero();
            ExecutionStatistics started = metrics.byStart().get(Start.fromNode("c"));
            assertThat(started.running()).isEqualTo(1);
            assertThat(started.successRate()).isEmpty();
            assertThat(started.meanWallTime()).isEmpty();
            assertThat(started.lastStart()).contains(running.snapshot().startedAt());
            assertThat(metrics.total().count()).isEqualTo(4);
            assertThat(metrics.total().running()).isEqualTo(1);
            assertThat(metrics.total().successRate()).hasValue(2.0 / 3);
            assertThat(metrics.total().lastStart()).isEqualTo(started.lastStart());
        }
    }

    @Test
    @DisplayName("S3 executions of a node alone count only if they are asked for")
    void single_nodes_count_only_if_asked_for() {
        try (Observatory observatory = new Observatory()) {
            Flow flow = line(observatory.lasting("a", 1));
            Observatory.ended(
                    observatory.engine().executeNode(flow, "a", PortValues.of("main", 1), RunOptions.ofDefaults()));
            observatory.run(flow);

            assertThat(observatory.engine().metrics("line").total().count()).isEqualTo(1);
            assertThat(observatory
                            .engine()
                            .metrics("line", Start.Kind.SINGLE_NODE)
                            .byStart())
                    .containsOnlyKeys(Start.singleNode("a"));
        }
    }

    @Test
    @DisplayName("a flow without executions has zeros; what the archive let go is not counted")
    void only_what_is_kept_is_counted() {
        try (Observatory observatory = new Observatory(builder -> builder.archive(1, seconds(100)))) {
            Flow flow = line(observatory.lasting("a", 1));
            assertThat(observatory.engine().metrics("line")).isEqualTo(FlowMetrics.of("line", List.of()));
            observatory.run(flow);
            observatory.run(flow);

            assertThat(observatory.engine().metrics("line").total().count()).isEqualTo(1);
            assertThat(observatory.engine().metrics("other").total().count()).isZero();
        }
    }

    @Test
    @DisplayName(
            "by the day of their start, and within which time half, 95 and 99 of 100 ended: times that some of them took")
    void counts_by_day_and_percentile() {
        Instant day = Instant.parse("2026-03-01T23:59:00Z");
        List<ExecutionSummary> executions = IntStream.rangeClosed(1, 200)
                .mapToObj(i -> execution(i, day.plusSeconds(i <= 59 ? i : 60 + i), Duration.ofSeconds(i)))
                .toList();
        FlowMetrics metrics = FlowMetrics.of("f", executions);

        assertThat(metrics.total().wallTimes())
                .contains(new ExecutionStatistics.Percentiles(seconds(100), seconds(190), seconds(198)));
        assertThat(metrics.byDay().keySet()).containsExactly(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 2));
        ExecutionStatistics first = Objects.requireNonNull(metrics.byDay().get(LocalDate.of(2026, 3, 1)));
        assertThat(first.count()).isEqualTo(59);
        assertThat(first.wallTimes())
                .contains(new ExecutionStatistics.Percentiles(seconds(30), seconds(57), seconds(59)));
        assertThat(ExecutionStatistics.of(executions.subList(0, 1)).wallTimes())
                .contains(new ExecutionStatistics.Percentiles(seconds(1), seconds(1), seconds(1)));
        assertThat(ExecutionStatistics.of(List.of()).wallTimes()).isEmpty();
    }

    @Test
    @DisplayName("an execution that ended by a clock that is behind took no time, not less")
    void no_execution_takes_less_than_no_time() {
        ExecutionStatistics statistics =
                ExecutionStatistics.of(List.of(execution(1, Instant.EPOCH, Duration.ofSeconds(-3))));

        assertThat(statistics.meanWallTime()).contains(Duration.ZERO);
        assertThat(statistics.longestWallTime()).contains(Duration.ZERO);
    }

    private static ExecutionSummary execution(int number, Instant startedAt, Duration wallTime) {
        return new ExecutionSummary(
                "e" + number,
                "f",
                "1",
                Start.trigger("t"),
                ExecutionStatus.COMPLETED,
                Optional.empty(),
                startedAt,
                Optional.of(startedAt.plus(wallTime)),
                Optional.empty(),
                Optional.empty());
    }

    private static Flow orders(Observatory observatory) {
        return Flow.definition("orders")
                .trigger("placed")
                .trigger("resent")
                .add(observatory.lasting("a", 10, 30))
                .add(failing("b"))
                .add(observatory.held("c"))
                .connect("placed", "a")
                .connect("resent", "b")
                .connect("placed", "c")
                .build();
    }

    private static void ended(Observatory observatory, Flow flow, String trigger) {
        Observatory.ended(observatory.engine().executeFromTrigger(flow, trigger, 1));
    }
}
