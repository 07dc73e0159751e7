package dev.flowengine.graph;

import java.util.ArrayList;
import java.util.List;

/** Whether what connections and order dependencies name is there. */
final class ConnectionChecks {
    /** Looking for nearest ids is linear in the flow, so only the first findings get them. */
    private static final int MOST_SUGGESTIONS = 20;

    private final FlowGraph flow;
    private final GraphIndex index;
    private final List<Problem> problems;
    private final PortNames inputs =
            new PortNames(node -> node.inputs().stream().map(InputPort::name));
    private final PortNames outputs = new PortNames(node -> node.outputs().stream());
    private int suggestions;

    ConnectionChecks(FlowGraph flow, GraphIndex index, List<Problem> problems) {
        this.flow = flow;
        this.index = index;
        this.problems = problems;
    }

    void findMissingNodes() {
        for (Connection connection : flow.connections()) {
            List<String> missing = missing(connection.from(), connection.to());
            if (!missing.isEmpty()) {
                problems.add(
                        Problem.at(connection, Problem.Code.MISSING_NODE, thereIsNo(missing), resolution(missing)));
            }
        }
        for (OrderDependency dependency : flow.orderDependencies()) {
            List<String> missing = missing(dependency.from(), dependency.to());
            if (!missing.isEmpty()) {
                problems.add(new Problem(
                        Problem.Code.MISSING_NODE,
                        Severity.ERROR,
                        "order dependency '" + dependency.to() + "' after '" + dependency.from() + "': "
                                + thereIsNo(missing),
                        List.of(dependency.from(), dependency.to()),
                        resolution(missing)));
            }
        }
    }

    private List<String> missing(String from, String to) {
        List<String> missing = new ArrayList<>();
        if (index.find(from) < 0) {
            missing.add(from);
        }
        if (index.find(to) < 0 && !to.equals(from)) {
            missing.add(to);
        }
        return missing;
    }

    private static String thereIsNo(List<String> missing) {
        return "there is no node '" + String.join("' and no node '", missing) + "'";
    }

    private String resolution(List<String> missing) {
        List<String> nearest = new ArrayList<>();
        for (String id : missing) {
            if (suggestions++ < MOST_SUGGESTIONS) {
                nearest.addAll(NearestIds.to(id, index.allIds()));
            }
        }
        String fix = "add the missing node, or correct the id";
        return nearest.isEmpty() ? fix : fix + "; the nearest are " + Listing.of(nearest);
    }

    void findUnknownPorts() {
        for (Connection connection : flow.connections()) {
            findUnknownOutput(connection);
            findUnknownInput(connection);
        }
    }

    private void findUnknownOutput(Connection connection) {
        int position = index.find(connection.from());
        if (position < 0 || connection.fromPort().equals(Ports.ERROR)) {
            return;
        }
        GraphNode node = index.node(position);
        if (!outputs.has(node, connection.fromPort())) {
            List<String> ports = new ArrayList<>(outputs.of(node));
            ports.add(Ports.ERROR);
            unknownPort(connection, node, "output port '" + connection.fromPort() + "'", ports);
        }
    }

    /** A trigger has no input ports at all; that it is connected is another finding. */
    private void findUnknownInput(Connection connection) {
        int position = index.find(connection.to());
        if (position < 0 || index.isTrigger(position)) {
            return;
        }
        GraphNode node = index.node(position);
        if (!inputs.has(node, connection.toPort())) {
            unknownPort(connection, node, "input port '" + connection.toPort() + "'", inputs.of(node));
        }
    }

    private void unknownPort(Connection connection, GraphNode node, String what, List<String> ports) {
        problems.add(Problem.at(
                connection,
                Problem.Code.UNKNOWN_PORT,
                "node '" + node.id() + "' has no " + what + "; it has " + Listing.of(ports),
                "use one of these ports, or declare the missing one"));
    }
}
