package dev.flowengine.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.Intervention;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExecutionEventTest {
    private static final Instant AT = Instant.EPOCH;
    private static final Iteration HERE = Iteration.NONE;
    private static final FlowError ERROR =
            new FlowError(FailureKind.NODE_EXECUTION_FAILED, "a.B", "m", "", "node", 1, "");

    static Stream<Arguments> events() {
        return Stream.concat(ofAttempts(), others());
    }

    private static Stream<Arguments> others() {
        return Stream.of(
                Arguments.of("execution-started", new ExecutionStarted("run", "flow", 1, AT, "start")),
                Arguments.of("node-started", new NodeStarted("run", "flow", 1, AT, "node", HERE, 1)),
                Arguments.of(
                        "node-completed",
                        new NodeCompleted(
                                "run", "flow", 1, AT, "node", HERE, 1, false, false, false, Optional.empty())),
                Arguments.of(
                        "execution-status-changed",
                        new ExecutionStatusChanged("run", "flow", 1, AT, ExecutionStatus.PAUSED)),
                Arguments.of("execution-stuck", new ExecutionStuck("run", "flow", 1, AT, AT, List.of("node"))),
                Arguments.of("events-dropped", new EventsDropped("run", "flow", 1, 4, AT)),
                Arguments.of(
                        "node-timeout-near",
                        new NodeTimeoutNear("run", "flow", 1, AT, "node", HERE, 1, Duration.ofSeconds(1))),
                Arguments.of(
                        "node-intervened",
                        new NodeIntervened("run", "flow", 1, AT, "node", HERE, 1, Intervention.SKIP, "why")),
                Arguments.of("node-failed", new NodeFailed("run", "flow", 1, AT, "node", HERE, 1, ERROR)),
                Arguments.of(
                        "node-skipped",
                        new NodeSkipped("run", "flow", 1, AT, "node", HERE, 0, SkipReason.BRANCH_NOT_TAKEN)),
                Arguments.of("node-cancelled", new NodeCancelled("run", "flow", 1, AT, "node", HERE, 0)),
                Arguments.of("compensation-started", new CompensationStarted("run", "flow", 1, AT, "node", HERE, 1)),
                Arguments.of(
                        "compensation-completed", new CompensationCompleted("run", "flow", 1, AT, "node", HERE, 1)),
                Arguments.of(
                        "compensation-failed",
                        new CompensationFailed("run", "flow", 1, AT, "node", HERE, 1, ERROR, true)),
                Arguments.of(
                        "execution-finished", new ExecutionFinished("run", "flow", 1, AT, ExecutionStatus.COMPLETED)));
    }

    private static Stream<Arguments> ofAttempts() {
        return Stream.of(
                Arguments.of(
                        "node-attempt-failed", new NodeAttemptFailed("run", "flow", 1, AT, "node", HERE, 1, ERROR)),
                Arguments.of(
                        "node-waiting",
                        new NodeWaiting(
                                "run",
                                "flow",
                                1,
                                AT,
                                "node",
                                HERE,
                                1,
                                Optional.of(AT),
                                Optional.of("go"),
                                Optional.empty())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("events")
    void reaches_the_method_of_its_kind_and_no_other(String wireName, ExecutionEvent event) {
        Recorder recorder = new Recorder();

        recorder.onEvent(event);

        assertThat(recorder.calls).containsExactly(wireName);
        assertThat(recorder.events).containsExactly(event);
        assertThat(event.wireName()).isEqualTo(wireName);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("events")
    void may_be_ignored(String wireName, ExecutionEvent event) {
        new ExecutionListener() {}.onEvent(event);

        assertThat(event.wireName()).isEqualTo(wireName);
    }

    @Test
    void every_kind_is_here() {
        List<Class<?>> kinds = Stream.concat(
                        Stream.of(ExecutionEvent.class.getPermittedSubclasses()),
                        Stream.of(NodeEvent.class.getPermittedSubclasses()))
                .filter(Class::isRecord)
                .toList();

        List<Class<?>> tested = new ArrayList<>();
        events().forEach(row -> tested.add(row.get()[1].getClass()));
        assertThat(tested).containsExactlyInAnyOrderElementsOf(kinds);
    }

    private static final class Recorder implements ExecutionListener {
        private final List<String> calls = new ArrayList<>();
        private final List<ExecutionEvent> events = new ArrayList<>();

        @Override
        public void onExecutionStarted(ExecutionStarted event) {
            record("execution-started", event);
        }

        @Override
        public void onExecutionStatusChanged(ExecutionStatusChanged event) {
            record("execution-status-changed", event);
        }

        @Override
        public void onExecutionStuck(ExecutionStuck event) {
            record("execution-stuck", event);
        }

        @Override
        public void onEventsDropped(EventsDropped event) {
            record("events-dropped", event);
        }

        @Override
        public void onNodeAttemptFailed(NodeAttemptFailed event) {
            record("node-attempt-failed", event);
        }

        @Override
        public void onNodeWaiting(NodeWaiting event) {
            record("node-waiting", event);
        }

        @Override
        public void onNodeTimeoutNear(NodeTimeoutNear event) {
            record("node-timeout-near", event);
        }

        @Override
        public void onNodeIntervened(NodeIntervened event) {
            record("node-intervened", event);
        }

        @Override
        public void onNodeStarted(NodeStarted event) {
            record("node-started", event);
        }

        @Override
        public void onNodeCompleted(NodeCompleted event) {
            record("node-completed", event);
        }

        @Override
        public void onNodeFailed(NodeFailed event) {
            record("node-failed", event);
        }

        @Override
        public void onNodeSkipped(NodeSkipped event) {
            record("node-skipped", event);
        }

        @Override
        public void onNodeCancelled(NodeCancelled event) {
            record("node-cancelled", event);
        }

        @Override
        public void onCompensationStarted(CompensationStarted event) {
            record("compensation-started", event);
        }

        @Override
        public void onCompensationCompleted(CompensationCompleted event) {
            record("compensation-completed", event);
        }

        @Override
        public void onCompensationFailed(CompensationFailed event) {
            record("compensation-failed", event);
        }

        @Override
        public void onExecutionFinished(ExecutionFinished event) {
            record("execution-finished", event);
        }

        private void record(String call, ExecutionEvent event) {
            calls.add(call);
            events.add(event);
        }
    }
}
