package dev.flowengine.internal.machine;

import dev.flowengine.graph.InputPort;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.Input;
import dev.flowengine.node.Input.Absence;
import dev.flowengine.node.PortValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what arrived at the gates of a node whose join has fired. What it reads no longer changes: outputs of settled
 * nodes, and for an early join only the connections that fired it.
 */
public final class InputReader {
    private final PlanLayout layout;
    private final NodeTable nodes;
    private final RunInputs inputs;

    /**
     * Creates a reader.
     *
     * @param layout what runs
     * @param nodes its state
     * @param inputs what the execution is given
     */
    public InputReader(PlanLayout layout, NodeTable nodes, RunInputs inputs) {
        this.layout = layout;
        this.nodes = nodes;
        this.inputs = inputs;
    }

    /**
     * What arrived at a gate.
     *
     * @param node number of the node
     * @param port position of the input port among the node's ports
     * @return a value (a list for a collecting port), the reason for its absence, or the failure of its source
     */
    public Input<@Nullable Object> read(int node, int port) {
        PortValues given = inputs.givenTo(node, layout.startNode());
        if (given != null) {
            return given(given, portName(node, port));
        }
        int gate = layout.firstGate(node) + port;
        if (layout.definition(node).shape().inputs().get(port).collecting()) {
            List<@Nullable Object> values = collect(node, gate);
            return values.isEmpty() ? missing(node, gate) : Input.present(Collections.unmodifiableList(values));
        }
        Delivered first = first(node, gate);
        return first == null ? missing(node, gate) : Input.present(first.value());
    }

    /**
     * The value at a gate, without the reason if there is none: allocates nothing for a port that delivers one value.
     *
     * @param node number of the node
     * @param port position of the input port
     * @return the value, or null if none arrived
     */
    public @Nullable Object value(int node, int port) {
        if (node == layout.startNode()
                || !inputs.edited().isEmpty()
                || layout.definition(node).shape().inputs().get(port).collecting()) {
            return read(node, port).valueOrNull();
        }
        int gate = layout.firstGate(node) + port;
        for (int in = layout.firstIn(gate); in < layout.firstIn(gate + 1); in++) {
            if (isLive(node, in)) {
                return nodes.outputs().get(layout.inSlot(in));
            }
        }
        return null;
    }

    /**
     * Whether a node may know what a slot holds: everything it does not take from a connection, and of its connections
     * those that its join has waited for.
     *
     * @param node number of the node
     * @param slot a slot of any other node
     * @return false if what is there may have come after the node's join had fired
     */
    public boolean mayKnow(int node, int slot) {
        int[] decidedBy = nodes.decidedBy(node);
        if (decidedBy == null) {
            return true;
        }
        boolean connected = false;
        int end = layout.firstIn(layout.firstGate(node + 1));
        for (int in = layout.firstIn(layout.firstGate(node)); in < end; in++) {
            if (layout.inSlot(in) == slot) {
                connected = true;
                if (contributes(node, in)) {
                    return true;
                }
            }
        }
        return !connected;
    }

    /** What a node received, as a failure of it tells: the value of its only port, or the values by port. */
    @Nullable
    Object inputOf(int node) {
        List<InputPort> ports = layout.definition(node).shape().inputs();
        if (ports.size() == 1 || layout.isLoop(node)) {
            return value(node, 0);
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int port = 0; port < ports.size(); port++) {
            values.put(ports.get(port).name(), value(node, port));
        }
        return Collections.unmodifiableMap(values);
    }

    /** The first live input of a node, in the order of its ports; null as a value if there is none. */
    Delivered firstLive(int node) {
        int ports = layout.firstGate(node + 1) - layout.firstGate(node);
        for (int port = 0; port < ports; port++) {
            Input<@Nullable Object> input = read(node, port);
            if (input.isPresent()) {
                return new Delivered(input.valueOrNull());
            }
        }
        return new Delivered(null);
    }

    private static Input<@Nullable Object> given(PortValues values, String port) {
        return values.asMap().containsKey(port) ? Input.present(values.asMap().get(port)) : Input.absent(Absence.UNFED);
    }

    private String portName(int node, int port) {
        return layout.definition(node).shape().inputs().get(port).name();
    }

    private @Nullable Delivered first(int node, int gate) {
        for (int in = layout.firstIn(gate); in < layout.firstIn(gate + 1); in++) {
            if (isLive(node, in)) {
                return new Delivered(nodes.outputs().get(layout.inSlot(in)));
            }
        }
        return null;
    }

    private List<@Nullable Object> collect(int node, int gate) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int in = layout.firstIn(gate); in < layout.firstIn(gate + 1); in++) {
            if (isLive(node, in)) {
                values.add(nodes.outputs().get(layout.inSlot(in)));
            }
        }
        return values;
    }

    private boolean isLive(int node, int in) {
        return contributes(node, in) && nodes.outputs().isFired(layout.inSlot(in));
    }

    private boolean contributes(int node, int in) {
        int[] decidedBy = nodes.decidedBy(node);
        return decidedBy == null || Arrays.binarySearch(decidedBy, in) >= 0;
    }

    private Input<@Nullable Object> missing(int node, int gate) {
        if (layout.firstIn(gate) == layout.firstIn(gate + 1)) {
            return Input.absent(Absence.UNFED);
        }
        boolean allSeen = true;
        for (int in = layout.firstIn(gate); in < layout.firstIn(gate + 1); in++) {
            boolean seen = contributes(node, in);
            allSeen &= seen;
            FlowError error = seen ? failureOf(layout.inSource(in)) : null;
            if (error != null) {
                return Input.failed(error);
            }
        }
        return Input.absent(allSeen ? Absence.NOT_TAKEN : Absence.NOT_DECIDED);
    }

    private @Nullable FlowError failureOf(int source) {
        NodeFailure failure = nodes.propagatesFailure(source) ? nodes.rootFailure(source) : null;
        return failure == null ? null : failure.error();
    }

    /**
     * A value that arrived.
     *
     * @param value the value, may be null
     */
    record Delivered(@Nullable Object value) {}
}
