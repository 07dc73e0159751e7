package dev.flowengine.flow;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Ports;
import dev.flowengine.graph.Problem;
import dev.flowengine.graph.Severity;
import dev.flowengine.node.NodeBody;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node while its flow is being written: what the handles configure and {@link FlowBuilder#build()} turns into a definition. */
final class NodeDraft {
    private final String id;
    private final NodeKind kind;
    private final NodeDefinition.Builder definition;
    private final List<DraftPort> ports = new ArrayList<>();
    private final Set<String> inputNames = new HashSet<>();
    private final Map<String, @Nullable TypeRef<?>> outputs = new LinkedHashMap<>();
    private final Set<String> after = new HashSet<>();
    private final List<String> afterInOrder = new ArrayList<>();
    private boolean disabledWithoutOutput;
    private boolean disabledOutputGiven;
    private boolean sealed;

    NodeDraft(String id, NodeKind kind) {
        this.id = id;
        this.kind = kind;
        this.definition = kind == NodeKind.BRANCH ? NodeDefinition.branch(id) : NodeDefinition.builder(id);
    }

    String id() {
        return id;
    }

    NodeDefinition.Builder definition() {
        if (sealed) {
            throw new IllegalStateException("node '" + id + "' belongs to a flow that was built already; "
                    + "configure it before build(), or start a new builder");
        }
        return definition;
    }

    /** Adds an input port fed by the sources and gives it the name of what feeds it, or main if it is the only one. */
    void input(boolean only, boolean optional, boolean collecting, List<? extends Output<?>> sources) {
        String name = only ? Ports.MAIN : portName(sources.get(0));
        ports.add(new DraftPort(new InputPort(name, !optional, collecting), List.copyOf(sources)));
    }

    String inputName(int index) {
        return ports.get(index).port().name();
    }

    void output(String port, @Nullable TypeRef<?> type) {
        definition();
        outputs.put(port, type);
    }

    @Nullable
    TypeRef<?> outputType(String port) {
        return outputs.get(port);
    }

    boolean hasOutput(String port) {
        return outputs.containsKey(port);
    }

    void after(Output<?>... nodes) {
        definition();
        for (Output<?> node : nodes) {
            if (after.add(node.nodeId())) {
                afterInOrder.add(node.nodeId());
            }
        }
    }

    void join(JoinRule rule) {
        definition().join(rule);
    }

    void body(NodeBody body) {
        definition().anyBody(body);
    }

    void disabled() {
        definition().disabled();
        disabledWithoutOutput = !disabledOutputGiven;
    }

    void disabledOutput(@Nullable Object value) {
        definition().disabledOutput(value);
        disabledOutputGiven = true;
        disabledWithoutOutput = false;
    }

    void addTo(FlowDefinition flow) {
        if (kind == NodeKind.TRIGGER) {
            TypeRef<?> type = outputs.get(Ports.MAIN);
            flow.add(type == null ? NodeDefinition.trigger(id) : NodeDefinition.trigger(id, type));
        } else {
            addNodeTo(flow);
        }
        sealed = true;
    }

    private void addNodeTo(FlowDefinition flow) {
        definition().inputs(ports.stream().map(DraftPort::port).toList());
        definition().outputs(List.copyOf(outputs.keySet()));
        ports.forEach(port -> port.declaredType()
                .ifPresent(type -> definition.inputType(port.port().name(), type)));
        outputs.forEach((port, type) -> {
            if (type != null) {
                definition.outputType(port, type);
            }
        });
        if (disabledWithoutOutput && !passesItsInputType()) {
            flow.problem(disabledTypesDiffer());
        }
        flow.add(definition.build());
    }

    void connectIn(FlowDefinition flow) {
        for (DraftPort port : ports) {
            for (Output<?> source : port.sources()) {
                flow.connect(new Connection(
                        source.nodeId(), source.port(), id, port.port().name()));
            }
        }
        afterInOrder.forEach(before -> flow.after(id, before));
    }

    private boolean passesItsInputType() {
        if (ports.isEmpty() || outputs.isEmpty()) {
            return false;
        }
        Optional<TypeRef<?>> input = ports.get(0).declaredType();
        TypeRef<?> output = outputs.values().iterator().next();
        return input.isPresent() && output != null && input.get().equals(output);
    }

    private Problem disabledTypesDiffer() {
        return new Problem(
                Problem.Code.INVALID_NODE,
                Severity.ERROR,
                "node '" + id + "' is disabled and would pass its input through, but its input and output are not "
                        + "declared to be of one type",
                List.of(id),
                "Say what it emits with disabledOutput(value), or declare both types with returns(…).");
    }

    private String portName(Output<?> source) {
        String base = source.port().equals(Ports.MAIN) ? source.nodeId() : source.nodeId() + "." + source.port();
        String name = base;
        for (int n = 2; !inputNames.add(name); n++) {
            name = base + "#" + n;
        }
        return name;
    }

    /** An input port and what feeds it. */
    private record DraftPort(InputPort port, List<Output<?>> sources) {

        Optional<TypeRef<?>> declaredType() {
            if (port.collecting() || sources.isEmpty()) {
                return Optional.empty();
            }
            Optional<? extends TypeRef<?>> first = typeOf(sources.get(0));
            boolean same = sources.stream().allMatch(source -> typeOf(source).equals(first));
            return same ? first.map(type -> type) : Optional.empty();
        }

        private static Optional<? extends TypeRef<?>> typeOf(Output<?> source) {
            return source instanceof OptionalInput<?> optional
                    ? optional.source().type()
                    : source.type();
        }
    }
}
