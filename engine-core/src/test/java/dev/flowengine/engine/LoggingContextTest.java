package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.testing.Engines;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LoggingContextTest {
    private final List<Map<String, String>> seen = new CopyOnWriteArrayList<>();

    private Flow flow(boolean cpuBound) {
        NodeDefinition.Builder good = NodeDefinition.builder("good").body(context -> seen.add(context()));
        NodeDefinition.Builder bad = NodeDefinition.builder("bad").body(context -> {
            seen.add(context());
            throw new IllegalStateException("planned");
        });
        return Flow.definition("logged")
                .trigger("t")
                .add((cpuBound ? good.cpuBound() : good).build())
                .add((cpuBound ? bad.cpuBound() : bad).build())
                .connect("t", "good")
                .connect("good", "bad")
                .build();
    }

    private static Map<String, String> context() {
        Map<String, String> context = MDC.getCopyOfContextMap();
        return context == null ? Map.of() : context;
    }

    @Test
    @DisplayName("S39 what a body logs carries execution, flow, node and attempt")
    void a_body_logs_with_its_context() {
        for (boolean cpuBound : new boolean[] {true, false}) {
            seen.clear();
            try (FlowEngine engine = Engines.create()) {
                ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow(cpuBound), "t", 1));

                assertThat(seen).containsExactly(expected(result, "good"), expected(result, "bad"));
            }
        }
    }

    private static Map<String, String> expected(ExecutionResult result, String node) {
        return Map.of("executionId", result.executionId(), "flowId", "logged", "nodeId", node, "attempt", "1");
    }

    @Test
    @DisplayName("S39 the context is gone from the thread when the body has ended, also when it failed")
    void the_context_is_gone_afterwards() throws Exception {
        ExecutorService host = Executors.newSingleThreadExecutor();
        try (FlowEngine engine = Engines.builder().bodyExecutor(host).build()) {
            host.submit(() -> MDC.put("tenant", "acme")).get(30, TimeUnit.SECONDS);
            Runs.ended(engine.executeFromTrigger(flow(false), "t", 1));
            Map<String, String> left = host.submit(LoggingContextTest::context).get(30, TimeUnit.SECONDS);

            assertThat(seen).hasSize(2).allSatisfy(during -> assertThat(during).containsEntry("tenant", "acme"));
            assertThat(left).as("what was there before stays").isEqualTo(Map.of("tenant", "acme"));
        } finally {
            host.shutdown();
        }
    }

    @Test
    @DisplayName("S39 the context can be switched off")
    void the_context_can_be_switched_off() {
        try (FlowEngine engine = Engines.builder().loggingContext(false).build()) {
            Runs.ended(engine.executeFromTrigger(flow(true), "t", 1));
            Runs.ended(engine.executeFromTrigger(flow(false), "t", 1));
        }
        assertThat(seen).hasSize(4).allSatisfy(context -> assertThat(context).isEmpty());
    }

    @Test
    @DisplayName("S39 what the host itself had under the same keys comes back after each body on its thread")
    void the_hosts_own_context_comes_back() throws Exception {
        Map<String, String> own = Map.of("nodeId", "machine-7", "attempt", "third", "tenant", "acme");
        ExecutorService host = Executors.newSingleThreadExecutor();
        try (FlowEngine engine = Engines.builder().bodyExecutor(host).build()) {
            host.submit(() -> MDC.setContextMap(own)).get(30, TimeUnit.SECONDS);
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow(false), "t", 1));
            Map<String, String> left = host.submit(LoggingContextTest::context).get(30, TimeUnit.SECONDS);

            assertThat(seen).hasSize(2);
            assertThat(seen.get(0)).containsAllEntriesOf(expected(result, "good"));
            assertThat(seen.get(1)).containsAllEntriesOf(expected(result, "bad"));
            assertThat(left).isEqualTo(own);
        } finally {
            host.shutdown();
        }
    }
}
