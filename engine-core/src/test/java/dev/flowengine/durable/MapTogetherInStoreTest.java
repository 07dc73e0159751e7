package dev.flowengine.durable;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.RunOptions;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.tck.InMemoryBlobStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S33 S43 maps together with what else flows can do, in a store")
@Timeout(120)
class MapTogetherInStoreTest {
    private static final String LARGE = "x".repeat(5_000);

    private final InMemoryExecutionStore store = new InMemoryExecutionStore();
    private final InMemoryBlobStore blobs = new InMemoryBlobStore();

    @Test
    @DisplayName("another engine goes on with large items and their sub-flows, and with what is pinned in each lane")
    void taken_over() throws Exception {
        FlowBuilder c = Flow.builder("asking");
        TriggerRef<String> asked = c.trigger("asked", String.class);
        SignalRef<String, String> answer = c.waitForSignal("answer", asked, String.class);
        Flow asking = c.build();
        FlowBuilder f = Flow.builder("polls");
        TriggerRef<List<String>> texts = f.trigger("texts", new TypeRef<List<String>>() {});
        MapRef<String> each = f.map("each", texts, text -> {
                    NodeRef<String> mark =
                            f.node("mark", text, t -> "of " + t.length()).returns(String.class);
                    NodeRef<String> about = f.node("about", text, mark, (t, m) -> t.substring(0, 1) + m)
                            .returns(String.class);
                    var ask = f.subflow("ask", about, asking, asked).returning(answer);
                    return f.node("told", ask, mark, (told, m) -> told + m).returns(String.class);
                })
                .concurrency(2);
        Flow flow = f.build();
        String id;
        try (FlowEngine first = engine()) {
            FlowExecution run = first.executeFromTrigger(
                    flow,
                    texts,
                    List.of("a" + LARGE, "b" + LARGE, "c" + LARGE, "d" + LARGE),
                    RunOptions.builder().pin("mark", "main", "!").build());
            id = run.id();
            await().until(() -> waiting(first, run).size() == 2);
            first.signal(child(waiting(first, run).get(0)), "answer", "1");
            await().until(() -> waiting(first, run).stream()
                    .map(item -> item.iteration().path().get(0))
                    .toList()
                    .equals(List.of(2, 3)));
        }
        try (FlowEngine next = engine()) {
            next.register(flow);
            FlowExecution run = next.find(id).orElseThrow();
            answerTheRest(next, run);
            ExecutionResult end = run.await();
            assertThat(end.output(each)).containsExactly("1!", "2!", "3!", "4!");
        }
    }

    private static void answerTheRest(FlowEngine engine, FlowExecution run) {
        for (int answered = 2; answered <= 4; answered++) {
            int atOnce = Math.min(2, 5 - answered);
            await().until(() -> waiting(engine, run).size() == atOnce);
            String child = child(waiting(engine, run).get(0));
            engine.signal(child, "answer", String.valueOf(answered));
            await().until(() -> engine.find(child).orElseThrow().status() == ExecutionStatus.COMPLETED);
        }
    }

    private FlowEngine engine() {
        return Durable.builder(store).blobStore(blobs).offloadAbove(1_000).build();
    }

    /** The items in work that wait for an answer, in their order. */
    private static List<NodeState> waiting(FlowEngine engine, FlowExecution run) {
        return run.snapshot().states("ask").stream()
                .filter(item -> item.childExecutionId()
                        .flatMap(engine::find)
                        .filter(child -> child.status() == ExecutionStatus.WAITING)
                        .isPresent())
                .sorted(Comparator.comparing(item -> item.iteration().path().get(0)))
                .toList();
    }

    private static String child(NodeState item) {
        return item.childExecutionId().orElseThrow();
    }
}
