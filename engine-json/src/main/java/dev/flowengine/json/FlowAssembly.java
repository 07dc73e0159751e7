package dev.flowengine.json;

import dev.flowengine.extension.DataProblem;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.GraphNode;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.Ports;
import dev.flowengine.graph.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what could be read of a flow, so that the core finds what else is wrong with it.
 *
 * <p>Nothing is made up for what could not be read: a node that could not be made has whatever ports its connections name,
 * a port that could not be read is one its node has, and what the core finds all the same is told only if nothing that
 * is missing could change it.
 */
final class FlowAssembly {
    private final Findings findings;
    private final FlowPlaces places = new FlowPlaces();
    private final List<ReadNode> nodes = new ArrayList<>();
    private final Map<String, ReadNode> byId = new HashMap<>();
    private final List<Connection> connections = new ArrayList<>();
    private final Map<String, Set<String>> outputs = new HashMap<>();
    private final Map<String, Set<String>> inputs = new HashMap<>();
    private final PortNames outputNames = new PortNames();
    private final PortNames inputNames = new PortNames();
    private final Set<String> openTargets = new HashSet<>();
    private boolean nodesAreListed = true;
    private boolean idsAreKnown = true;
    private boolean targetsAreKnown = true;
    private boolean waysAreKnown = true;

    FlowAssembly(Findings findings) {
        this.findings = findings;
    }

    FlowPlaces places() {
        return places;
    }

    void add(ReadNode node) {
        nodes.add(node);
        if (node.id() == null) {
            idsAreKnown = false;
        } else {
            byId.putIfAbsent(node.id(), node);
        }
        places.node(node);
    }

    void nodesAreNotListed() {
        nodesAreListed = false;
        idsAreKnown = false;
    }

    void connectionsAreNotListed() {
        targetsAreKnown = false;
        waysAreKnown = false;
    }

    /** Adds a connection; all nodes have been added. */
    void add(ReadConnection read) {
        waysAreKnown &= read.isWhole();
        targetsAreKnown &= read.to() != null;
        String output = read.output() == null ? anyOutput(read.from()) : read.output();
        String input = read.input() == null ? anyInput(read.to()) : read.input();
        if (read.from() == null || output == null || read.to() == null || input == null) {
            checkSource(read);
            checkTarget(read);
            return;
        }
        Connection connection = new Connection(read.from(), output, read.to(), input);
        connections.add(connection);
        places.connection(connection, read.place());
        outputs.computeIfAbsent(connection.from(), id -> new LinkedHashSet<>()).add(output);
        inputs.computeIfAbsent(connection.to(), id -> new LinkedHashSet<>()).add(input);
    }

    private @Nullable String anyOutput(@Nullable String id) {
        ReadNode node = byId.get(id);
        if (node == null || !node.isMade()) {
            return Ports.MAIN;
        }
        return node.definition().shape().outputs().stream().findFirst().orElse(null);
    }

    private @Nullable String anyInput(@Nullable String id) {
        ReadNode node = byId.get(id);
        if (node == null || !node.isMade()) {
            return Ports.MAIN;
        }
        return node.definition().shape().inputs().stream()
                .findFirst()
                .map(InputPort::name)
                .orElse(null);
    }

    private void checkSource(ReadConnection read) {
        GraphNode node = shape(read.from(), read.place());
        if (node == null || read.output() == null) {
            return;
        }
        Supplier<List<String>> ports = () ->
                Stream.concat(node.outputs().stream(), Stream.of(Ports.ERROR)).toList();
        if (!outputNames.has(node.id(), read.output(), ports)) {
            String listing = outputNames.listing(node.id(), ports);
            unknownPort(read.place(), node, "output port '" + read.output() + "'", listing);
        }
    }

    private void checkTarget(ReadConnection read) {
        if (read.to() != null) {
            openTargets.add(read.to());
        }
        GraphNode node = shape(read.to(), read.place());
        if (node == null || read.input() == null) {
            return;
        }
        Supplier<List<String>> ports =
                () -> node.inputs().stream().map(InputPort::name).toList();
        if (!inputNames.has(node.id(), read.input(), ports)) {
            String listing = inputNames.listing(node.id(), ports);
            unknownPort(read.place(), node, "input port '" + read.input() + "'", listing);
        }
    }

    /** The node at one end of a connection, unless its ports are unknown; that there is none is noted. */
    private @Nullable GraphNode shape(@Nullable String id, String place) {
        ReadNode node = byId.get(id);
        if (id != null && node == null && idsAreKnown) {
            findings.add(place, "there is no node '" + id + "'; add the missing node, or correct the id");
        }
        return node != null && node.isMade() ? node.definition().shape() : null;
    }

    private void unknownPort(String place, GraphNode node, String what, String listing) {
        findings.add(() -> new DataProblem(place, "node '" + node.id() + "' has no " + what + "; it has " + listing));
    }

    /** Completes a definition that has the settings of the flow. */
    void complete(FlowDefinition definition) {
        nodes.stream().filter(node -> node.id() != null).map(this::definition).forEach(definition::add);
        places.forEachOrder(definition::after);
        connections.forEach(definition::connect);
    }

    private NodeDefinition definition(ReadNode node) {
        if (node.isMade()) {
            return node.definition();
        }
        Set<String> named = new LinkedHashSet<>(outputs.getOrDefault(node.id(), Set.of()));
        named.remove(Ports.ERROR);
        return node.definition().toBuilder()
                .outputs(List.copyOf(named))
                .inputs(inputs.getOrDefault(node.id(), Set.of()).stream()
                        .map(InputPort::optional)
                        .toList())
                .build();
    }

    /** Whether the core would find it, too, if everything had been read. */
    boolean isCertain(Problem problem) {
        return switch (problem.code()) {
            case EMPTY_FLOW -> nodesAreListed && nodes.isEmpty();
            case MISSING_NODE -> idsAreKnown;
            case JOIN_NEVER_FIRES -> isCertainJoin(problem.nodes());
            default -> true;
        };
    }

    /** A join lacks connections, or those it has come from a branch, which is named then. */
    private boolean isCertainJoin(List<String> about) {
        return about.size() == 1 ? targetsAreKnown && !openTargets.contains(about.get(0)) : waysAreKnown;
    }
}
