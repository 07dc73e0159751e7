package dev.flowengine.observing;

import static dev.flowengine.observing.Observatory.failing;
import static dev.flowengine.observing.Observatory.line;
import static dev.flowengine.observing.Observatory.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.ExecutionStatistics;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.FlowMetrics;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.plan.Start;
import java.util.List;
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
