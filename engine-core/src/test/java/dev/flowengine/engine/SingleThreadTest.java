package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.AsyncBody;
import dev.flowengine.testing.Engines;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SingleThreadTest {

    /** Layers of nodes of all kinds: computing, blocking, and completed by another thread. */
    private static Flow mixed(ExecutorService elsewhere) {
        FlowDefinition definition = Flow.definition("mixed").trigger("t").add(Nodes.collecting("end"));
        for (int layer = 0; layer < 40; layer++) {
            for (int i = 0; i < 25; i++) {
                String id = layer + "." + i;
                AsyncBody later = context -> CompletableFuture.supplyAsync(context::input, elsewhere);
                definition.add(
                        switch ((layer + i) % 3) {
                            case 0 -> Nodes.passing(id);
                            case 1 -> Nodes.node(id, context -> context.input());
                            default -> NodeDefinition.builder(id).anyBody(later).build();
                        });
                definition.connect(layer == 0 ? "t" : (layer - 1) + "." + (i + 1) % 25, id);
                definition.connect(layer == 0 ? "t" : (layer - 1) + "." + i, id);
                if (layer == 39) {
                    definition.connect(id, "end");
                }
            }
        }
        return definition.build();
    }

    @Test
    @DisplayName("S28 R17 deep and wide flows of all kinds of bodies complete with one worker and one body thread")
    void mixed_flows_complete_with_one_thread() {
        ExecutorService elsewhere = Executors.newFixedThreadPool(2);
        Flow flow = mixed(elsewhere);
        try (FlowEngine engine = Engines.withThreads(1)) {
            List<FlowExecution> runs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                runs.add(engine.executeFromTrigger(flow, "t", i));
            }
            for (int i = 0; i < 20; i++) {
                ExecutionResult result = Runs.ended(runs.get(i));
                assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(result.output("end", Object.class)).isEqualTo(Collections.nCopies(25, i));
            }
        } finally {
            elsewhere.shutdown();
        }
    }

    @Test
    @DisplayName("S28 R17 waiting for an execution inside a body is refused, and says what to do instead")
    void waiting_inside_a_body_is_refused() {
        Flow child = Flow.definition("child").trigger("t").build();
        for (boolean cpuBound : new boolean[] {true, false}) {
            FlowBuilder f = Flow.builder("parent");
            TriggerRef<String> start = f.trigger("start", String.class);
            try (FlowEngine engine = Engines.withThreads(1)) {
                FlowExecution ended = engine.executeFromTrigger(child, "t", 1);
                Runs.ended(ended);
                NodeRef<String> live = f.node("live", start, text -> refusal(engine.executeFromTrigger(child, "t", 1)));
                NodeRef<String> over = f.node(
                        "over", start, text -> refusal(engine.find(ended.id()).orElseThrow()));
                if (cpuBound) {
                    live.cpuBound();
                    over.cpuBound();
                }
                ExecutionResult result = Runs.ended(engine.executeFromTrigger(f.build(), start, "x"));

                assertThat(result.output(live)).contains("sub-flow", "asyncNode", "completion()");
                assertThat(result.output(over)).contains("sub-flow", "asyncNode", "completion()");
            }
        }
    }

    private static String refusal(FlowExecution run) throws InterruptedException {
        try {
            run.await(Runs.PATIENCE);
        } catch (IllegalStateException withTimeout) {
            try {
                run.await();
            } catch (IllegalStateException refused) {
                return refused.getMessage();
            }
        }
        return "not refused";
    }

    @Test
    @DisplayName("S28 waiting inside a body on a thread of the host is refused as well")
    void waiting_on_a_hosts_thread_is_refused() {
        ExecutorService host = Executors.newSingleThreadExecutor();
        Flow child = Flow.definition("child").trigger("t").build();
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<String> start = f.trigger("start", String.class);
        try (FlowEngine engine = Engines.builder().bodyExecutor(host).build()) {
            NodeRef<String> live = f.node("live", start, text -> refusal(engine.executeFromTrigger(child, "t", 1)));

            assertThat(Runs.ended(engine.executeFromTrigger(f.build(), start, "x"))
                            .output(live))
                    .contains("asyncNode");
        } finally {
            host.shutdown();
        }
    }

    @Test
    @DisplayName("S28 an asyncNode that waits for other executions by completion() needs no second thread")
    void an_async_node_waits_for_executions_without_a_thread() {
        FlowBuilder c = Flow.builder("child");
        TriggerRef<Integer> number = c.trigger("number", Integer.class);
        NodeRef<Integer> twice = c.node("twice", number, n -> 2 * n);
        Flow child = c.build();
        FlowBuilder f = Flow.builder("parent");
        TriggerRef<Integer> start = f.trigger("start", Integer.class);
        try (FlowEngine engine = Engines.withThreads(1)) {
            NodeRef<Integer> last = f.asyncNode(
                    "n0",
                    start,
                    n -> engine.executeFromTrigger(child, number, n)
                            .completion()
                            .thenApply(result -> result.output(twice)));
            for (int i = 1; i < 10; i++) {
                last = f.asyncNode(
                        "n" + i,
                        last,
                        n -> engine.executeFromTrigger(child, number, n)
                                .completion()
                                .thenApply(result -> result.output(twice)));
            }
            Flow flow = f.build();
            for (int i = 0; i < 20; i++) {
                assertThat(Runs.ended(engine.executeFromTrigger(flow, start, i)).output(last))
                        .isEqualTo(1024 * i);
            }
        }
    }

    @Test
    @DisplayName("S28 many executions that each wait for a child share one thread")
    void many_waiting_executions_share_one_thread() {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        FlowBuilder f = Flow.builder("waiting");
        TriggerRef<Integer> start = f.trigger("start", Integer.class);
        NodeRef<Integer> waits = f.asyncNode("waits", start, n -> answer.thenApply(value -> value + n));
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(1)) {
            List<FlowExecution> runs = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                runs.add(engine.executeFromTrigger(flow, start, i));
            }
            answer.complete(7);
            for (int i = 0; i < 1_000; i++) {
                assertThat(Runs.ended(runs.get(i)).output(waits)).isEqualTo(7 + i);
            }
        }
    }
}
