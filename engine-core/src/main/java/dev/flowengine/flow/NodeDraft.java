package dev.flowengine.flow;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.InputPort;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Ports;
import dev.flowengine.graph.Problem;
import dev.flowengine.graph.Severity;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.NodeBody;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A node while its flow is being written: what the handles configure and {@link FlowBuilder#build()} turns into a definition. */
final class NodeDraft {
    private final DraftedFlow flow;
    private final String id;
    private final NodeKind kind;
    private final NodeDefinition.Builder definition;
    private final List<DraftPort> ports = new ArrayList<>();
    private final Set<String> inputNames = new HashSet<>();
    private final Map<String, @Nullable TypeRef<?>> outputs = new LinkedHashMap<>();
    private final Set<String> after = new LinkedHashSet<>();
    private final Set<ErrorHandling> handlings = new LinkedHashSet<>();
    private boolean passesOn;
    private @Nullable TypeRef<?> passedOn;
    private boolean disabledWithoutOutput;
    private boolean disabledOutputGiven;
    private boolean computesOnly;
    private @Nullable LoopDraft loop;

    NodeDraft(DraftedFlow flow, String id, NodeKind kind) {
        this.flow = flow;
        this.id = Objects.requireNonNull(id, "id");
        this.kind = kind;
        this.definition = switch (kind) {
            case BRANCH -> NodeDefinition.branch(id);
            case LOOP -> NodeDefinition.loop(id, LoopBodies.each());
            default -> NodeDefinition.builder(id);
        };
    }

    DraftedFlow flow() {
        return flow;
    }

    String id() {
        return id;
    }

    /** The definition, as long as it may be changed. */
    NodeDefinition.Builder definition() {
        if (flow.isBuilt()) {
            throw new IllegalStateException("node '" + id + "' belongs to a flow that was built already; "
                    + "configure it before build(), or start a new builder");
        }
        return definition;
    }

    /** Adds an input port and gives it the name of what feeds it, or main if it is the only one. */
    void input(Output<?> source, boolean only, boolean mayBeAbsent) {
        DraftOutput own = own(source);
        boolean optional = source instanceof OptionalInput<?>;
        InputPort port = new InputPort(only ? Ports.MAIN : portName(own), !optional && !mayBeAbsent, false);
        ports.add(new DraftPort(port, optional, List.of(own)));
    }

    /** Adds the input port main, whose value is passed on. */
    void alternatives(List<? extends Output<?>> sources) {
        passesOn = true;
        ports.add(new DraftPort(InputPort.required(Ports.MAIN), false, own(sources)));
    }

    /** Adds the input port main, which takes the values of all sources. */
    void collecting(List<? extends Output<?>> sources) {
        ports.add(new DraftPort(InputPort.collecting(Ports.MAIN), false, own(sources)));
    }

    /** Adds the input port main of a loop or a map. */
    LoopDraft loop(Output<?> source, NodeBody body, LoopDraft.TypeRule itemType) {
        ports.add(new DraftPort(InputPort.required(Ports.MAIN), false, List.of(own(source))));
        LoopDraft draft = new LoopDraft(this, body, itemType);
        loop = draft;
        return draft;
    }

    void passThrough() {
        definition().passThrough();
        output(Ports.MAIN, null);
    }

    DraftPort port(int index) {
        return ports.get(index);
    }

    void output(String port, @Nullable TypeRef<?> type) {
        definition();
        outputs.put(port, type);
    }

    boolean hasOutput(String port) {
        return outputs.containsKey(port);
    }

    @Nullable
    TypeRef<?> declaredType(String port) {
        return outputs.get(port);
    }

    /** The type of an output port as far as it is known by now. */
    @Nullable
    TypeRef<?> outputType(String port) {
        flow.inferTypes();
        return inferredType(port);
    }

    @Nullable
    TypeRef<?> inferredType(String port) {
        if (port.equals(Ports.ERROR)) {
            return NodeDefinition.ERROR_TYPE;
        }
        TypeRef<?> declared = outputs.get(port);
        TypeRef<?> inferred = loop == null ? passedOn : loop.inferredType(port);
        return declared == null ? inferred : declared;
    }

    /** Takes over what the sources are known to emit; they must have been asked before. */
    void inferType() {
        if (passesOn) {
            passedOn = ports.get(0).commonType();
        }
        if (loop != null) {
            loop.inferItem(ports.get(0).commonType());
        }
    }

    void after(Output<?>... nodes) {
        definition();
        for (Output<?> node : nodes) {
            after.add(own(node).draft().id);
        }
    }

    void join(JoinRule rule) {
        definition().join(rule);
    }

    void body(NodeBody body) {
        definition().anyBody(body);
    }

    /** Whether the body is the engine's own, and never blocks. */
    void computesOnly(boolean really) {
        computesOnly = really;
    }

    void onError(ErrorHandling handling) {
        definition().onError(handling);
        handlings.add(handling);
    }

    /** A handle on one of the ports; the type is null for what the node passes on. */
    <T extends @Nullable Object> Output<T> on(String port, @Nullable TypeRef<T> type) {
        if (port.equals(Ports.ERROR)) {
            throw new IllegalArgumentException(
                    "port 'error' of node '" + id + "' emits its failure; take the handle from error()");
        }
        return new PortRef<>(this, port, type);
    }

    Output<FlowError> error() {
        if (!handlings.contains(ErrorHandling.ERROR_OUTPUT)) {
            onError(ErrorHandling.ERROR_OUTPUT);
        }
        return new PortRef<>(this, Ports.ERROR, NodeDefinition.ERROR_TYPE);
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

    void addTo(FlowDefinition target) {
        if (kind == NodeKind.TRIGGER) {
            target.add(NodeDefinition.trigger(id, Objects.requireNonNull(outputs.get(Ports.MAIN))));
            return;
        }
        if (computesOnly) {
            definition.cpuBound();
        }
        if (loop == null) {
            // A loop has the ports it was defined with.
            definition.inputs(ports.stream().map(DraftPort::port).toList());
        }
        definition.outputs(List.copyOf(outputs.keySet()));
        for (DraftPort port : ports) {
            TypeRef<?> type = port.commonType();
            if (type != null) {
                definition.inputType(port.name(), type);
            }
        }
        for (String port : outputs.keySet()) {
            TypeRef<?> type = inferredType(port);
            if (type != null) {
                definition.outputType(port, type);
            }
        }
        reportTo(target);
        target.add(definition.build());
    }

    void connectIn(FlowDefinition target) {
        for (DraftPort port : ports) {
            for (DraftOutput source : port.sources()) {
                target.connect(new Connection(source.draft().id, source.port(), id, port.name()));
            }
        }
        after.forEach(before -> target.after(id, before));
        if (loop != null) {
            loop.connectBack(target);
        }
    }

    private void reportTo(FlowDefinition target) {
        if (disabledWithoutOutput && !passesItsInputType()) {
            target.problem(problem(
                    "is disabled and would pass its input through, but its input and output are not declared to be of"
                            + " one type",
                    "say what it emits with disabledOutput(value), or declare both types with returns(…)"));
        }
        if (handlings.size() > 1) {
            target.problem(problem(
                    "is given several ways to handle its failure: "
                            + handlings.stream().map(Object::toString).collect(Collectors.joining(", ")),
                    "keep one of error(), recover(…) and fallback(…)"));
        }
    }

    private boolean passesItsInputType() {
        if (ports.isEmpty() || outputs.isEmpty()) {
            return false;
        }
        TypeRef<?> input = ports.get(0).commonType();
        return input != null
                && input.equals(inferredType(outputs.keySet().iterator().next()));
    }

    private Problem problem(String finding, String resolution) {
        return new Problem(
                Problem.Code.INVALID_NODE, Severity.ERROR, "node '" + id + "' " + finding, List.of(id), resolution);
    }

    private List<DraftOutput> own(List<? extends Output<?>> handles) {
        return handles.stream().map(this::own).toList();
    }

    private DraftOutput own(Output<?> handle) {
        return flow.own(handle, "node '" + id + "'");
    }

    private String portName(DraftOutput source) {
        String feeding = source.draft().id;
        String base = source.port().equals(Ports.MAIN) ? feeding : feeding + "." + source.port();
        String name = base;
        for (int n = 2; !inputNames.add(name); n++) {
            name = base + "#" + n;
        }
        return name;
    }

    /** An input port, whether its body sees it as an {@code Optional}, and what feeds it. */
    record DraftPort(InputPort port, boolean optional, List<DraftOutput> sources) {

        String name() {
            return port.name();
        }

        /** The type all sources emit; null where they differ, where it is unknown, and where all values are collected. */
        @Nullable
        TypeRef<?> commonType() {
            TypeRef<?> first = port.collecting() ? null : sources.get(0).inferredType();
            boolean same = sources.stream().allMatch(source -> first != null && first.equals(source.inferredType()));
            return same ? first : null;
        }
    }
}
