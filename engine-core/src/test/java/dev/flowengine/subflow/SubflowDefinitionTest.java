package dev.flowengine.subflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowDiagram;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.InvalidFlowException;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.SubflowRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.model.FailureKind;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.node.TypeRef;
import dev.flowengine.testing.Engines;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S34 how a node is written that starts a flow")
@Timeout(60)
class SubflowDefinitionTest {
    private final FlowBuilder c = Flow.builder("child");
    private final TriggerRef<String> begin = c.trigger("begin", String.class);
    private final NodeRef<Integer> length =
            c.node("length", begin, String::length).returns(Integer.class);
    private final Flow child = c.build();
    private final FlowBuilder f = Flow.builder("parent");
    private final TriggerRef<String> t = f.trigger("t", String.class);

    private static Flow parent(SubflowBody body) {
        return Flow.definition("parent")
                .trigger("t")
                .add(NodeDefinition.builder("node").anyBody(body).build())
                .connect("t", "node")
                .build();
    }

    @Test
    @DisplayName("its type is that of what it returns, or that of an id, and the flow it starts comes along")
    void types() {
        SubflowRef<String> id = f.subflow("id", t, child, begin);
        assertThat(id.type()).contains(TypeRef.of(String.class));
        SubflowRef<Integer> number = f.subflow("number", t, child, begin).returning(length);
        assertThat(number.type()).contains(TypeRef.of(Integer.class));
        assertThat(f.build().subflows()).containsExactly(child);
    }

    @Test
    @DisplayName("a diagram marks it")
    void diagram() {
        f.subflow("number", t, child, begin);
        Flow flow = f.build();
        assertThat(flow.graph().nodes().get(1).kind()).isEqualTo(NodeKind.SUBFLOW);
        assertThat(FlowDiagram.mermaid(flow.graph())).contains("[[\"number\"]]");
        assertThat(FlowDiagram.dot(flow.graph())).contains("shape=box3d");
    }

    @Test
    @DisplayName("handles of other flows, and what contradicts itself, are refused at once")
    void misuse() {
        TriggerRef<String> stranger = Flow.builder("other").trigger("stranger", String.class);
        assertThatThrownBy(() -> f.subflow("a", t, child, stranger))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'a'", "'child'", "trigger 'stranger'", "begin");
        assertThatThrownBy(() -> f.subflow("b", t, child, begin).returning(t))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'b'", "'child'");
        assertThatThrownBy(() -> f.subflow("c", t, begin)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> f.subflow("d", t, child, begin).returning(length).detached())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("detached()");
        assertThatThrownBy(() -> f.subflow("e", t, child, begin).detached().returning(length))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("detached()");
    }

    @Test
    @DisplayName("what a flow that starts itself names has to be there when it is built")
    void itself() {
        f.subflow("again", t, t).returning("nowhere", String.class);
        assertThatThrownBy(f::build)
                .isInstanceOf(InvalidFlowException.class)
                .hasMessageContainingAll("'again'", "'nowhere'");
        assertThatThrownBy(() -> parent(SubflowBody.of("parent", "node")))
                .isInstanceOf(InvalidFlowException.class)
                .hasMessageContainingAll("'node'", "no trigger");
    }

    @Test
    @DisplayName("a flow named by its id is the one registered last, unless a version is named")
    void by_name() throws Exception {
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult unknown = engine.executeFromTrigger(parent(SubflowBody.of("child", "begin")), "t", "abc")
                    .await();
            assertThat(unknown.failure().orElseThrow().kind()).isEqualTo(FailureKind.NOT_FOUND);
            assertThat(unknown.failure().orElseThrow()).hasMessageContainingAll("node 'node'", "'child'", "registered");
            engine.register(child);
            FlowBuilder later = Flow.builder("child").version("2");
            TriggerRef<String> start = later.trigger("begin", String.class);
            later.node("length", start, s -> 100 * s.length()).returns(Integer.class);
            engine.register(later.build());
            SubflowBody body = SubflowBody.of("child", "begin").returning("length", "main");
            assertThat(run(engine, body)).isEqualTo(300);
            assertThat(run(engine, body.version("1"))).isEqualTo(3);
        }
    }

    private static Integer run(FlowEngine engine, SubflowBody body) throws InterruptedException {
        return engine.executeFromTrigger(parent(body), "t", "abc").await().output("node", Integer.class);
    }

    @Test
    @DisplayName("S24 what the trigger does not take fails the node, once")
    void wrong_data() throws Exception {
        try (FlowEngine engine = Engines.create()) {
            engine.register(child);
            ExecutionResult end = engine.executeFromTrigger(parent(SubflowBody.of("child", "begin")), "t", 5)
                    .await();
            assertThat(end.failure().orElseThrow().kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
        }
    }
}
