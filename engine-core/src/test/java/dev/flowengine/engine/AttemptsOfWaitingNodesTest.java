package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.extension.Timer;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A node that ends while it waits for its next attempt never had that attempt. */
class AttemptsOfWaitingNodesTest {
    private static final Duration BACKOFF = Duration.ofHours(1);
    private static final Duration NODE_TIMEOUT = Duration.ofHours(2);

    @Test
    @DisplayName("S20 S26 a node that is cancelled between two attempts has had one, and says how that failed")
    void a_node_that_is_cancelled_between_two_attempts_has_had_one() {
        NodeState node = endedWhileWaiting((run, timer) -> run.cancel("enough"));

        assertThat(node.status()).isEqualTo(NodeStatus.CANCELLED);
        assertThat(node.attempt()).isEqualTo(1);
        assertThat(node.failure())
                .hasValueSatisfying(failure -> assertThat(failure.attempt()).isEqualTo(1));
    }

    @Test
    @DisplayName("S20 a node that is skipped between two attempts has had one")
    void a_node_that_is_skipped_between_two_attempts_has_had_one() {
        NodeState node = endedWhileWaiting((run, timer) -> run.node("n").skip("not today"));

        assertThat(node.status()).isEqualTo(NodeStatus.SKIPPED);
        assertThat(node.attempt()).isEqualTo(1);
        assertThat(node.failure()).isEmpty();
    }

    @Test
    @DisplayName("S20 a node that is completed by hand between two attempts has had one")
    void a_node_that_is_completed_by_hand_between_two_attempts_has_had_one() {
        NodeState node = endedWhileWaiting((run, timer) -> run.node("n").complete("by hand"));

        assertThat(node.status()).isEqualTo(NodeStatus.COMPLETED);
        assertThat(node.attempt()).isEqualTo(1);
        assertThat(node.handledFailure()).isEmpty();
    }

    @Test
    @DisplayName("S20 S27 a node whose time is up between two attempts has had one, and so says its failure")
    void a_node_whose_time_is_up_between_two_attempts_has_had_one() {
        NodeState node = endedWhileWaiting((run, timer) -> timer.fire(NODE_TIMEOUT));

        assertThat(node.status()).isEqualTo(NodeStatus.FAILED);
        assertThat(node.attempt()).isEqualTo(1);
        assertThat(node.failure().orElseThrow().attempt()).isEqualTo(1);
    }

    private static NodeState endedWhileWaiting(BiConsumer<FlowExecution, HeldTimer> end) {
        Flow flow = Flow.definition("waits")
                .trigger("t")
                .add(NodeDefinition.builder("n")
                        .retry(RetryPolicy.fixed(BACKOFF))
                        .nodeTimeout(NODE_TIMEOUT)
                        .body(context -> {
                            throw new IllegalStateException("attempt " + context.attempt());
                        })
                        .build())
                .connect("t", "n")
                .build();
        HeldTimer timer = new HeldTimer();
        try (FlowEngine engine = Engines.builder().timer(timer).build()) {
            FlowExecution run = engine.executeFromTrigger(flow, "t", "go");
            Runs.awaitNode(run, "n", NodeStatus.WAITING);
            end.accept(run, timer);
            return Runs.node(Runs.ended(run), "n");
        }
    }

    /** A timer by which nothing happens until the test says so. */
    private static final class HeldTimer implements Timer {
        private final Map<Duration, Runnable> tasks = new ConcurrentHashMap<>();

        @Override
        public Scheduled schedule(Duration delay, Runnable task) {
            tasks.put(delay, task);
            return () -> tasks.remove(delay, task);
        }

        void fire(Duration delay) {
            Runnable task = tasks.remove(delay);
            assertThat(task).as("task after %s", delay).isNotNull();
            task.run();
        }
    }
}
