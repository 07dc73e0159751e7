package dev.flowengine.execution;

import static dev.flowengine.execution.SampleNodes.blocked;
import static dev.flowengine.execution.SampleNodes.branch;
import static dev.flowengine.execution.SampleNodes.failing;
import static dev.flowengine.execution.SampleNodes.node;
import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.FlowGraph;
import dev.flowengine.graph.GraphNode;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowDiagramTest {

    @Test
    @DisplayName("S39 a flow is drawn in Mermaid with a shape per kind, ports and order dependencies")
    void a_flow_is_drawn_in_mermaid() {
        assertThat(FlowDiagram.mermaid(everyKind())).isEqualTo("""
                        flowchart TD
                            n0(["placed"])
                            n1{"size"}
                            n2["review"]
                            n3{{"each"}}
                            n4["ship"]
                            n0 --> n1
                            n1 -->|"big"| n2
                            n1 -->|"small → box"| n4
                            n2 -->|"→ box"| n4
                            n2 --> n3
                            n3 -.->|"after"| n4
                            linkStyle 5 stroke-dasharray:8 4
                        """);
    }

    @Test
    @DisplayName("S39 a flow is drawn in DOT with a shape per kind, ports and order dependencies")
    void a_flow_is_drawn_in_dot() {
        assertThat(FlowDiagram.dot(everyKind()))
                .startsWith("digraph flow {\n    node [style=filled]\n    n0 [label=\"placed\", shape=ellipse, ")
                .contains("    n1 [label=\"size\", shape=diamond, ")
                .contains("    n2 [label=\"review\", shape=box, ")
                .contains("    n3 [label=\"each\", shape=hexagon, ")
                .contains("    n0 -> n1 [style=solid]\n")
                .contains("    n1 -> n4 [style=solid, label=\"small → box\"]\n")
                .endsWith("    n3 -> n4 [style=dashed, label=\"after\"]\n}\n");
    }

    @Test
    @DisplayName("S39 equal flows give equal text")
    void equal_flows_give_equal_text() {
        assertThat(FlowDiagram.mermaid(everyKind())).isEqualTo(FlowDiagram.mermaid(everyKind()));
        assertThat(FlowDiagram.dot(everyKind())).isEqualTo(FlowDiagram.dot(everyKind()));
    }

    @Test
    @DisplayName("S39 what means something to Mermaid is escaped in labels, other characters are kept")
    void special_characters_are_escaped_in_mermaid() {
        assertThat(mermaidLabel("a \"b\" <c> #d; & e")).isEqualTo("a #34;b#34; #60;c#62; #35;d#59; #38; e");
        assertThat(mermaidLabel("one\ntwo\tthree")).isEqualTo("one<br/>two three");
        assertThat(mermaidLabel("größe 注文 🚀")).isEqualTo("größe 注文 🚀");
        assertThat(mermaidLabel("snake_case _x_ `y` %%{z}"))
                .isEqualTo("snake_case #95;x#95; #96;y#96; #37;#37;#123;z#125;");
        assertThat(mermaidLabel("1. first")).isEqualTo("1#46; first");
        assertThat(mermaidLabel("- item")).isEqualTo("#45; item");
        assertThat(mermaidLabel("half \uD83D pair")).isEqualTo("half   pair");
        assertThat(mermaidLabel(" ")).isEqualTo("#160;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"end", "\"", "]) --> x", "a\nb\r\nc", "%% no comment", "n1", "", "classDef x:#fff;", "\\"})
    @DisplayName("S39 whatever its id, a node takes one line and is called by its position")
    void a_node_takes_one_line_whatever_its_id(String id) {
        FlowGraph graph =
                FlowGraph.builder().trigger("t").node(id).connect("t", id).build();

        assertThat(FlowDiagram.mermaid(graph).lines()).hasSize(4).last().isEqualTo("    n0 --> n1");
        assertThat(FlowDiagram.dot(graph).lines()).hasSize(6).contains("    n0 -> n1 [style=solid]");
        assertThat(FlowDiagram.mermaid(graph).lines().toList().get(2)).matches(" {4}n1\\[\"[^\"]+\"]");
    }

    @Test
    @DisplayName("S39 quotes, backslashes, line breaks and entities are escaped in DOT")
    void special_characters_are_escaped_in_dot() {
        assertThat(FlowDiagram.dot(FlowGraph.builder().node("a\"b\\n\n&lt;<").build()))
                .contains("label=\"a\\\"b\\\\n\\n&amp;lt;<\"");
    }

    @Test
    @DisplayName("S30 a flow with mistakes can be drawn: nodes that are not there are shown as missing")
    void a_flow_with_mistakes_can_be_drawn() {
        FlowGraph graph = FlowGraph.builder()
                .node("a")
                .node("a")
                .connect("gone", "a")
                .connect("a", "gone")
                .build();

        assertThat(FlowDiagram.mermaid(graph)).isEqualTo("""
                        flowchart TD
                            n0["a"]
                            n1["a"]
                            n2["gone<br/>not in the flow"]:::missing
                            n2 --> n0
                            n0 --> n2
                            classDef missing fill:#ffffff,stroke:#d93025,color:#d93025
                        """);
    }

    @Test
    @DisplayName("S39 an execution is drawn with statuses, skip reasons and what became of each connection")
    void an_execution_is_drawn_with_what_became_of_it() throws Exception {
        try (FlowEngine engine = engine()) {
            ExecutionSnapshot run =
                    engine.executeFromTrigger(orders(), "placed", 7).await().snapshot();

            assertThat(FlowDiagram.mermaid(run)).isEqualTo("""
                            flowchart TD
                                n0(["placed<br/>COMPLETED"]):::completed
                                n1(["resent<br/>not in this execution"]):::outside
                                n2{"size<br/>COMPLETED"}:::completed
                                n3["review<br/>SKIPPED (BRANCH_NOT_TAKEN)"]:::skipped
                                n4["charge<br/>FAILED"]:::failed
                                n5["ship<br/>SKIPPED (UPSTREAM_FAILED)"]:::skipped
                                n0 ==> n2
                                n1 -.-> n2
                                n2 -.->|"big"| n3
                                n2 ==>|"small"| n4
                                n4 -.-x n5
                                n3 -.->|"after"| n5
                                classDef completed fill:#e6f4ea,stroke:#1e8e3e,color:#202124
                                classDef failed fill:#fce8e6,stroke:#d93025,color:#202124
                                classDef skipped fill:#e8eaed,stroke:#80868b,color:#202124
                                classDef outside fill:#f8f9fa,stroke:#dadce0,color:#9aa0a6
                                linkStyle 1 stroke:#dadce0
                                linkStyle 4 stroke:#d93025
                                linkStyle 5 stroke-dasharray:8 4
                            """);
            assertThat(FlowDiagram.dot(run))
                    .contains("n3 [label=\"review\\nSKIPPED (BRANCH_NOT_TAKEN)\", shape=box, fillcolor=\"#e8eaed\", ")
                    .contains("n1 [label=\"resent\\nnot in this execution\", shape=ellipse, fillcolor=\"#f8f9fa\", ")
                    .contains("n0 -> n2 [style=bold]\n")
                    .contains("n1 -> n2 [style=dotted, color=\"#dadce0\"]\n")
                    .contains("n2 -> n3 [style=dotted, label=\"big\"]\n")
                    .contains("n4 -> n5 [style=dotted, arrowhead=tee, color=\"#d93025\"]\n")
                    .contains("n3 -> n5 [style=dashed, label=\"after\"]\n");
        }
    }

    @Test
    @DisplayName("S39 an execution that goes on is drawn as it is at the moment")
    void an_execution_that_goes_on_is_drawn_as_it_is() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (FlowEngine engine = engine()) {
            FlowDefinition flow = Flow.definition("f").trigger("start").add(blocked("slow", release));
            flow.add(node("next")).connect("start", "slow").connect("slow", "next");
            FlowExecution run = engine.executeFromTrigger(flow.build(), "start", 1);
            await().until(() -> run.snapshot().node("slow").orElseThrow().status() == NodeStatus.RUNNING);

            assertThat(FlowDiagram.mermaid(run.snapshot()))
                    .contains("    n1[\"slow<br/>RUNNING\"]:::running\n", "    n2[\"next<br/>IDLE\"]:::idle\n")
                    .contains("    n0 ==> n1\n    n1 --> n2\n");
            release.countDown();
            run.await();
        }
    }

    @Test
    @DisplayName("S2, S18 pinned nodes are drawn as pinned inside and as supplied outside")
    void pinned_nodes_are_drawn_as_pinned_or_supplied() throws Exception {
        FlowDefinition flow = Flow.definition("f")
                .trigger("start")
                .add(node("a"))
                .add(node("b"))
                .add(node("c"));
        flow.add(node("d", JoinRule.DEFAULT, "x", "y"));
        flow.connect("start", "a").connect("start", "b").connect("b", "c");
        flow.connect(new Connection("a", "main", "d", "x")).connect(new Connection("c", "main", "d", "y"));
        RunOptions options =
                RunOptions.builder().pin("a", "main", 1).pin("c", "main", 2).build();
        try (FlowEngine engine = engine()) {
            FlowExecution run = engine.executeFromNode(flow.build(), "b", PortValues.of("main", 0), options);

            assertThat(FlowDiagram.mermaid(run.await().snapshot()))
                    .contains("n0([\"start<br/>not in this execution\"]):::outside\n")
                    .contains("n1[\"a<br/>supplied\"]:::supplied\n")
                    .contains("n3[\"c<br/>COMPLETED (pinned)\"]:::completed\n")
                    .contains("    n0 -.-> n2\n")
                    .contains("    n1 -->|\"→ x\"| n4\n");
        }
    }

    private static FlowGraph everyKind() {
        return FlowGraph.builder()
                .trigger("placed")
                .add(GraphNode.branch("size", "big", "small"))
                .node("review")
                .add(GraphNode.loop("each"))
                .add(new GraphNode(
                        "ship",
                        GraphNode.node("ship").kind(),
                        List.of(InputPort.required("box")),
                        List.of("main"),
                        GraphNode.node("ship").join()))
                .connect("placed", "size")
                .connect(new Connection("size", "big", "review", "main"))
                .connect(new Connection("size", "small", "ship", "box"))
                .connect(new Connection("review", "main", "ship", "box"))
                .connect("review", "each")
                .after("ship", "each")
                .build();
    }

    private static Flow orders() {
        return Flow.definition("orders")
                .trigger("placed")
                .trigger("resent")
                .add(branch("size", "small", "big", "small"))
                .add(node("review"))
                .add(failing("charge"))
                .add(node("ship"))
                .connect("placed", "size")
                .connect("resent", "size")
                .connect(new Connection("size", "big", "review", "main"))
                .connect(new Connection("size", "small", "charge", "main"))
                .connect("charge", "ship")
                .after("ship", "review")
                .build();
    }

    private static FlowEngine engine() {
        return FlowEngine.builder()
                .workers(Integer.getInteger("flowengine.test.workers", 2))
                .bodyThreads(Integer.getInteger("flowengine.test.bodyThreads", 8))
                .build();
    }

    private static String mermaidLabel(String id) {
        String line = FlowDiagram.mermaid(FlowGraph.builder().node(id).build())
                .lines()
                .toList()
                .get(1);
        return line.substring("    n0[\"".length(), line.length() - "\"]".length());
    }
}
