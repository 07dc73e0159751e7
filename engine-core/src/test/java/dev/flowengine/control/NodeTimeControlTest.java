package dev.flowengine.control;

import static dev.flowengine.control.Flows.line;
import static dev.flowengine.control.Flows.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.NodeIntervened;
import dev.flowengine.event.NodeTimeoutNear;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.Intervention;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.VirtualTime;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NodeTimeControlTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Watch watch = new Watch();
    private final VirtualTime time = new VirtualTime();
    private final Gate gate = new Gate();

    @AfterEach
    void letGo() {
        gate.open();
    }

    private FlowEngine engine(int threads) {
        return time.in(Engines.builder(threads).listener(watch)).build();
    }

    /** A run whose only node is at the gate, with its timers armed. */
    private FlowExecution atTheGate(FlowEngine engine, Gate its, NodeDefinition only) {
        FlowExecution run = engine.executeFromTrigger(line(only), "t", 1);
        its.awaitEntered();
        time.awaitPending(2);
        return run;
    }

    private static void extend(FlowExecution run, Duration more) throws Exception {
        run.node("a").extendTimeout(more).toCompletableFuture().get(Watch.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private List<NodeTimeoutNear> warnings(FlowExecution run) {
        return watch.events(run).stream()
                .filter(NodeTimeoutNear.class::isInstance)
                .map(NodeTimeoutNear.class::cast)
                .toList();
    }

    /** A node with a limit on its attempts, and one with a limit on the node. */
    private static List<NodeDefinition> limited(Gate gate) {
        return List.of(
                node("a", gate::hold).timeout(LIMIT).build(),
                node("a", gate::hold).nodeTimeout(LIMIT).build());
    }

    @WithThreads
    @DisplayName("S27 extendTimeout moves the end of a running attempt")
    void an_attempt_gets_more_time(int threads) throws Exception {
        assertMoved(threads, limited(gate).get(0));
    }

    @WithThreads
    @DisplayName("S27 extendTimeout moves the end of a node")
    void a_node_gets_more_time(int threads) throws Exception {
        assertMoved(threads, limited(gate).get(1));
    }

    private void assertMoved(int threads, NodeDefinition node) throws Exception {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, gate, node);
            time.advance(Duration.ofSeconds(4));
            extend(run, Duration.ofSeconds(5));
            time.advance(Duration.ofSeconds(11).minusNanos(1));
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(gate.wasInterrupted()).isFalse();
            time.advance(Duration.ofNanos(1));
            assertThat(watch.ended(run).failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
            assertThat(watch.events(run))
                    .filteredOn(NodeIntervened.class::isInstance)
                    .singleElement()
                    .satisfies(event ->
                            assertThat(((NodeIntervened) event).action()).isEqualTo(Intervention.EXTEND_TIMEOUT));
        }
    }

    @WithThreads
    @DisplayName("S25 S27 extendTimeout in a pause adds to what is left")
    void more_time_in_a_pause(int threads) throws Exception {
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, gate, limited(gate).get(1));
            time.advance(Duration.ofSeconds(4));
            run.pause();
            Watch.awaitStatus(run, ExecutionStatus.PAUSING);
            time.advance(Duration.ofSeconds(50));
            extend(run, Duration.ofSeconds(1));
            run.resume();
            Watch.awaitStatus(run, ExecutionStatus.RUNNING);
            time.advance(Duration.ofSeconds(7).minusNanos(1));
            assertThat(run.snapshot().status()).isEqualTo(ExecutionStatus.RUNNING);
            time.advance(Duration.ofNanos(1));
            assertThat(watch.ended(run).failure().orElseThrow().kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
        }
    }

    @Test
    @DisplayName("S27 R22 a node may be given all the time there is")
    void all_the_time_there_is() throws Exception {
        try (FlowEngine engine = engine(1)) {
            FlowExecution run = atTheGate(engine, gate, limited(gate).get(0));
            extend(run, Duration.ofSeconds(Long.MAX_VALUE));
            extend(run, Duration.ofSeconds(Long.MAX_VALUE));
            time.advance(Duration.ofDays(1));
            gate.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S27 no time, or less than none, cannot be added")
    void no_time_cannot_be_added() {
        try (FlowEngine engine = engine(1)) {
            FlowExecution run = atTheGate(engine, gate, limited(gate).get(0));
            for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> run.node("a").extendTimeout(none))
                        .withMessageContaining(none.toString());
            }
            gate.open();
            watch.ended(run);
        }
    }

    @WithThreads
    @DisplayName("S27 a node that has used up 80 % of a timeout, of its attempt or its own, is reported once")
    void a_timeout_that_comes_near_is_reported(int threads) {
        for (int kind = 0; kind < 2; kind++) {
            Gate early = new Gate();
            Gate late = new Gate();
            try (FlowEngine engine = engine(threads)) {
                FlowExecution unwarned = atTheGate(engine, early, limited(early).get(kind));
                time.advance(Duration.ofSeconds(8).minusNanos(1));
                early.open();
                assertThat(watch.ended(unwarned).status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(warnings(unwarned)).isEmpty();

                FlowExecution warned = atTheGate(engine, late, limited(late).get(kind));
                time.advance(Duration.ofSeconds(8));
                late.open();
                assertThat(watch.ended(warned).status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(warnings(warned)).singleElement().satisfies(event -> {
                    assertThat(event.nodeId()).isEqualTo("a");
                    assertThat(event.limit()).isEqualTo(LIMIT);
                    assertThat(event.attempt()).isEqualTo(1);
                    assertThat(event.wireName()).isEqualTo("node-timeout-near");
                });
            }
        }
    }

    @WithThreads
    @DisplayName("S27 R15 each attempt is warned of anew")
    void each_attempt_is_warned_of_anew(int threads) {
        Gate second = new Gate();
        NodeDefinition twice = node("a", context -> (context.attempt() == 1 ? gate : second).hold(context))
                .timeout(LIMIT)
                .retry(RetryPolicy.fixed(Duration.ofSeconds(1)))
                .build();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = atTheGate(engine, gate, twice);
            time.advance(LIMIT);
            Watch.awaitStatus(run, ExecutionStatus.WAITING);
            time.advance(Duration.ofSeconds(1));
            second.awaitEntered();
            time.awaitPending(2);
            time.advance(Duration.ofSeconds(8));
            second.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(warnings(run)).extracting(NodeTimeoutNear::attempt).containsExactly(1, 2);
        }
    }

    @WithThreads
    @DisplayName("S27 a node that was given more time is warned of again, once most of all its time is over")
    void more_time_is_warned_of_again(int threads) throws Exception {
        for (int kind = 0; kind < 2; kind++) {
            Gate its = new Gate();
            try (FlowEngine engine = engine(threads)) {
                FlowExecution run = atTheGate(engine, its, limited(its).get(kind));
                time.advance(Duration.ofSeconds(9));
                extend(run, LIMIT);
                time.advance(Duration.ofSeconds(7).minusNanos(1));
                extend(run, Duration.ofSeconds(5));
                time.advance(Duration.ofNanos(1));
                time.advance(Duration.ofSeconds(4).minusNanos(1));
                its.open();
                watch.ended(run);
                assertThat(warnings(run)).extracting(NodeTimeoutNear::limit).containsExactly(LIMIT);

                Gate again = new Gate();
                FlowExecution warned = atTheGate(engine, again, limited(again).get(kind));
                time.advance(Duration.ofSeconds(9));
                extend(warned, LIMIT);
                time.advance(Duration.ofSeconds(7));
                again.open();
                watch.ended(warned);
                assertThat(warnings(warned))
                        .extracting(NodeTimeoutNear::limit)
                        .containsExactly(LIMIT, LIMIT.multipliedBy(2));
            }
        }
    }

    @WithThreads
    @DisplayName("S27 of an attempt that is given up no timer is left")
    void no_timer_of_a_given_up_attempt_is_left(int threads) throws Exception {
        Gate other = new Gate();
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(
                    Flows.fan(node("a", gate::clutch).timeout(LIMIT).build(), Flows.blocking("b", other::hold))
                            .build(),
                    "t",
                    1);
            gate.awaitEntered();
            time.awaitPending(2);
            run.node("a").skip("enough").toCompletableFuture().get(Watch.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            Watch.awaiting("no timer").until(() -> time.pending() == 0);
            other.open();
            assertThat(watch.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @WithThreads
    @DisplayName("S27 a timeout says how much time there was, what was added included")
    void a_timeout_names_all_of_the_time(int threads) throws Exception {
        for (int kind = 0; kind < 2; kind++) {
            Gate its = new Gate();
            try (FlowEngine engine = engine(threads)) {
                FlowExecution run = atTheGate(engine, its, limited(its).get(kind));
                extend(run, Duration.ofSeconds(50));
                time.advance(Duration.ofSeconds(60));
                assertThat(watch.ended(run).failure().orElseThrow()).hasMessageContaining("PT1M");
                its.open();
            }
        }
    }
}
