package dev.flowengine.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What can be wrong with nodes, each taken for itself. */
final class NodeChecks {
    private final FlowGraph flow;
    private final GraphIndex index;
    private final List<Problem> problems;

    NodeChecks(FlowGraph flow, GraphIndex index, List<Problem> problems) {
        this.flow = flow;
        this.index = index;
        this.problems = problems;
    }

    void findEmptyFlow() {
        if (flow.nodes().isEmpty()) {
            problems.add(new Problem(
                    Problem.Code.EMPTY_FLOW,
                    Severity.ERROR,
                    "the flow has no nodes",
                    List.of(),
                    "add a trigger and at least one node"));
        }
    }

    void findDuplicateIds() {
        if (index.size() == flow.nodes().size()) {
            return;
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        flow.nodes().forEach(node -> counts.merge(node.id(), 1, Integer::sum));
        counts.forEach((id, count) -> {
            if (count > 1) {
                problems.add(new Problem(
                        Problem.Code.DUPLICATE_ID,
                        Severity.ERROR,
                        count + " nodes have the id '" + id + "'",
                        List.of(id),
                        "give each node an id of its own"));
            }
        });
    }

    void findInvalidNodes() {
        for (GraphNode node : flow.nodes()) {
            if (node.id().isEmpty()) {
                invalid(node, "has an empty id", "give it an id");
            }
            List<String> inputs = node.inputs().stream().map(InputPort::name).toList();
            findDuplicatePorts(node, "input", inputs);
            findDuplicatePorts(node, "output", node.outputs());
            if (node.outputs().contains(Ports.ERROR)) {
                invalid(
                        node,
                        "declares the output port 'error', which every node has",
                        "leave 'error' out of the declared output ports");
            }
            if (node.kind() == NodeKind.LOOP) {
                findMissingLoopPorts(node);
            }
            if (node.kind() == NodeKind.TRIGGER) {
                findInputsOfTrigger(node, inputs);
            }
        }
    }

    private void findDuplicatePorts(GraphNode node, String kind, List<String> names) {
        if (names.size() < 2) {
            return;
        }
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new LinkedHashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                repeated.add(name);
            }
        }
        for (String name : repeated) {
            invalid(node, "has several " + kind + " ports '" + name + "'", "give each " + kind + " port its own name");
        }
    }

    private void findMissingLoopPorts(GraphNode node) {
        for (String port : List.of(Ports.LOOP, Ports.DONE)) {
            if (!node.outputs().contains(port)) {
                invalid(node, "is a LOOP without output port '" + port + "'", "declare the output port '" + port + "'");
            }
        }
    }

    private void findInputsOfTrigger(GraphNode node, List<String> inputs) {
        List<String> incoming = incoming(index.find(node.id()));
        if (!inputs.isEmpty()) {
            invalid(
                    node,
                    "is a trigger with input ports " + Listing.of(inputs),
                    "remove the input ports, or make it a node");
        }
        if (!incoming.isEmpty()) {
            invalid(
                    node,
                    "is a trigger, which starts runs and waits for nothing, but has " + Listing.of(incoming),
                    "remove what leads to it, or make it a node");
        }
    }

    private List<String> incoming(int position) {
        List<String> incoming = new ArrayList<>();
        for (int i = 0; i < index.digraph().inDegree(position); i++) {
            int edge = index.digraph().inEdge(position, i);
            incoming.add(
                    index.isConnection(edge)
                            ? "connection " + index.connection(edge)
                            : "order dependency on '" + index.id(index.digraph().source(edge)) + "'");
        }
        return incoming;
    }

    private void invalid(GraphNode node, String finding, String resolution) {
        problems.add(new Problem(
                Problem.Code.INVALID_NODE,
                Severity.ERROR,
                "node '" + node.id() + "' " + finding,
                List.of(node.id()),
                resolution));
    }
}
