package dev.flowengine.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.NodeCancelled;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.event.NodeEvent;
import dev.flowengine.event.NodeFailed;
import dev.flowengine.event.NodeSkipped;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.oracle.FiredValue;
import dev.flowengine.oracle.NestedCase;
import dev.flowengine.oracle.NestedOracle;
import dev.flowengine.oracle.NodeOutcome;
import dev.flowengine.oracle.OracleResult;
import dev.flowengine.oracle.Repeated;
import dev.flowengine.oracle.ValueDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs a case with loops and maps, and holds every iteration of every node against what the oracle says. */
final class NestedRun {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final NestedCase nested;
    private final NestedFlow flow;
    private final NestedOracle.Result expected;

    NestedRun(NestedCase nested, NestedFlow flow, NestedOracle.Result expected) {
        this.nested = nested;
        this.flow = flow;
        this.expected = expected;
    }

    /** The events are those of one execution, to its end, and are told by then. */
    void mustMatch(FlowEngine engine, Events events) throws InterruptedException {
        if (!(expected.outer() instanceof OracleResult.Settled settled)) {
            return;
        }
        flow.reset();
        FlowExecution execution = new CaseStarts(nested.graph(), flow.flow()).on(engine);
        ExecutionResult result = execution
                .await(PATIENCE)
                .orElseThrow(() -> new AssertionError("the execution did not end within " + PATIENCE + ": "
                        + execution.snapshot().nodes()));
        mustMatchOutside(settled, result);
        mustMatchInside(events.of(execution.id()));
    }

    /** Tells what happened in an execution that has ended. */
    @FunctionalInterface
    interface Events {
        List<ExecutionEvent> of(String execution) throws InterruptedException;
    }

    private void mustMatchOutside(OracleResult.Settled settled, ExecutionResult result) {
        assertThat(result.status()).as("final status").isEqualTo(settled.status());
        settled.outcomes().forEach((node, outcome) -> {
            NodeState state = result.snapshot().node(node).orElseThrow();
            if (!nested.repeated().containsKey(node)) {
                new NodeMatch(nested.graph().node(node), flow.trace(node), state, result).mustBe(outcome);
                return;
            }
            assertThat(state.status()).as("status of %s", node).isEqualTo(outcome.status());
            assertThat(state.skipReason().orElse(null)).as("reason of %s", node).isEqualTo(outcome.skipReason());
            FiredValue done = outcome.fired().get("main");
            if (done != null && done.comparable()) {
                assertThat(ValueDigest.render(result.outputs(node).asMap().get("done")))
                        .as("what %s brought back", node)
                        .isEqualTo(done.value());
            }
        });
        assertThat(result.snapshot().nodes())
                .as("nodes that are left open")
                .allMatch(state -> state.status().isSettled());
    }

    private void mustMatchInside(List<ExecutionEvent> events) {
        Map<String, String> actual = new TreeMap<>();
        for (ExecutionEvent event : events) {
            String path = event instanceof NodeEvent node ? node.iteration().toString() : "";
            String settled = settled(event);
            if (!settled.isEmpty()
                    && !path.isEmpty()
                    && !List.of(path.split("\\.")).contains("0")) {
                String key = ((NodeEvent) event).nodeId() + "/" + path;
                assertThat(actual.put(key, settled))
                        .as("settled twice: %s", key)
                        .isNull();
            }
        }
        Map<String, String> wanted = new TreeMap<>();
        expected.iterated().forEach((key, outcome) -> wanted.put(key, told(outcome)));
        // S33: an item that began comes to its end; one that did not leaves no trace.
        expected.uncertain().stream()
                .filter(item -> actual.keySet().stream().noneMatch(item::holds))
                .forEach(item -> wanted.keySet().removeIf(item::holds));
        assertThat(actual).as("what settled in iterations").isEqualTo(wanted);
        wanted.keySet().forEach(this::mustHaveAttempts);
        assertThat(flow.traces().keySet().stream().filter(key -> key.contains("/")))
                .as("iterations with attempts")
                .allMatch(wanted::containsKey);
    }

    private void mustHaveAttempts(String key) {
        NodeOutcome outcome = expected.iterated().get(key);
        NodeTrace trace = flow.traces().get(key);
        String node = key.substring(0, key.indexOf('/'));
        if (isRepeated(nested, node)) {
            return;
        }
        assertThat(trace == null ? 0 : trace.attempts())
                .as("attempts of %s", key)
                .isEqualTo(outcome.attempts());
        if (trace != null) {
            assertThat(trace.trouble()).as("attempts of %s", key).isEmpty();
        }
    }

    private static boolean isRepeated(NestedCase nested, String node) {
        return nested.repeated().containsKey(node)
                || nested.repeated().values().stream().map(Repeated::body).anyMatch(body -> isRepeated(body, node));
    }

    private static String settled(ExecutionEvent event) {
        if (event instanceof NodeSkipped skipped) {
            return "SKIPPED " + skipped.reason();
        }
        if (event instanceof NodeCompleted) {
            return "COMPLETED";
        }
        if (event instanceof NodeFailed) {
            return "FAILED";
        }
        return event instanceof NodeCancelled ? "CANCELLED" : "";
    }

    private static String told(NodeOutcome outcome) {
        return outcome.skipReason() == null ? outcome.status().name() : outcome.status() + " " + outcome.skipReason();
    }
}
