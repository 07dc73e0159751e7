package dev.flowengine.durable;

import static dev.flowengine.testing.ParentAndChild.awaitStatus;
import static dev.flowengine.testing.ParentAndChild.childOf;
import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S34 S43 sub-flows whose edition of the flow not every engine knows")
@Timeout(240)
class SubflowEditionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private String parentId = "";
    private String childId = "";

    private static Flow child(String version) {
        FlowBuilder c = Flow.builder("asking").version(version);
        TriggerRef<String> asked = c.trigger("asked", String.class);
        SignalRef<String, String> answer = c.waitForSignal("answer", asked, String.class);
        c.node("louder", answer, text -> {
                    if (text.isEmpty()) {
                        throw new IllegalArgumentException("no answer");
                    }
                    return text + "!";
                })
                .returns(String.class);
        return c.build();
    }

    /** Starts whatever edition of the other flow is the latest. */
    private static Flow parent() {
        return Flow.definition("parent")
                .add(NodeDefinition.trigger("t", TypeRef.of(String.class)))
                .add(NodeDefinition.builder("ask")
                        .anyBody(SubflowBody.of("asking", "asked").returning("louder", "main"))
                        .outputType("main", TypeRef.of(String.class))
                        .build())
                .connect("t", "ask")
                .build();
    }

    /** Leaves a parent, and a child of edition 1 of its flow, both of which wait. */
    private void leave() throws Exception {
        try (FlowEngine first = Durable.engine(memory)) {
            first.register(child("1"));
            FlowExecution run = first.executeFromTrigger(parent(), "t", "why");
            FlowExecution child = childOf(first, run);
            awaitStatus(child, ExecutionStatus.WAITING);
            awaitStatus(run, ExecutionStatus.WAITING);
            parentId = run.id();
            childId = child.id();
        }
    }

    private void answer(String text) {
        try (FlowEngine ofChild = Durable.engine(memory)) {
            ofChild.register(child("1"));
            ofChild.signal(childId, "answer", text);
            await().until(() ->
                    memory.find(childId).orElseThrow().state().status().isTerminal());
        }
    }

    /** An engine that goes on with the parent, and knows another edition of the child's flow only. */
    private FlowEngine ofParent() {
        FlowEngine engine = Durable.engine(memory);
        engine.register(child("2"));
        engine.register(parent());
        return engine;
    }

    private static void awaitTold(FlowEngine engine) {
        await().until(() -> engine.health().reasons().stream()
                .anyMatch(reason ->
                        reason.contains("1 ended executions of flow 'asking' version '1', which others wait")));
    }

    private void goesOnOnceKnown(FlowEngine engine) throws Exception {
        awaitTold(engine);
        FlowExecution run = engine.find(parentId).orElseThrow();
        assertThat(run.status()).isEqualTo(ExecutionStatus.WAITING);
        engine.register(child("1"));
        assertThat(run.await(PATIENCE).orElseThrow().output("ask", String.class))
                .isEqualTo("so!");
        await().until(() -> engine.health().reasons().isEmpty());
    }

    @Test
    @DisplayName("the parent of one that ended before goes on waiting, and takes note once the edition is registered")
    void ended_before() throws Exception {
        leave();
        answer("so");
        try (FlowEngine engine = ofParent()) {
            goesOnOnceKnown(engine);
        }
    }

    @Test
    @DisplayName("so does that of one that ends meanwhile where its edition is known")
    void ends_meanwhile() throws Exception {
        leave();
        try (FlowEngine engine = ofParent()) {
            await().until(() -> engine.health().executions() == 1);
            answer("so");
            goesOnOnceKnown(engine);
        }
    }

    @Test
    @DisplayName("one that failed fails its parent then, and not before")
    void failed() throws Exception {
        leave();
        answer("");
        try (FlowEngine engine = ofParent()) {
            awaitTold(engine);
            FlowExecution run = engine.find(parentId).orElseThrow();
            assertThat(run.status()).isEqualTo(ExecutionStatus.WAITING);
            engine.register(child("1"));
            assertThat(run.await(PATIENCE).orElseThrow().failure().orElseThrow())
                    .hasMessageContainingAll(childId, "no answer");
        }
    }

    @Test
    @DisplayName("S26 a parent that is cancelled waits for it no longer, and health tells of it no longer")
    void cancelled() throws Exception {
        leave();
        answer("so");
        try (FlowEngine engine = ofParent()) {
            awaitTold(engine);
            FlowExecution run = engine.find(parentId).orElseThrow();
            run.cancel("no longer needed");
            assertThat(run.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.CANCELLED);
            await().until(() -> engine.health().reasons().isEmpty());
        }
    }
}
