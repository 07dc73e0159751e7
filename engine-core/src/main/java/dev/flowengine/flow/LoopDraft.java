package dev.flowengine.flow;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.GraphNode;
import dev.flowengine.graph.Ports;
import dev.flowengine.node.LoopBody;
import dev.flowengine.node.MapBody;
import dev.flowengine.node.MapSummary;
import dev.flowengine.node.NodeBody;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a loop, or a map, has beyond other nodes while its flow is being written. */
final class LoopDraft {
    private final NodeDraft node;
    private NodeBody body;
    private final TypeRule itemType;
    private final List<DraftOutput> breaks = new ArrayList<>();
    private @Nullable DraftOutput result;
    private @Nullable TypeRef<?> item;
    private @Nullable TypeRef<?> done;

    LoopDraft(NodeDraft node, NodeBody body, TypeRule itemType) {
        this.node = node;
        this.body = body;
        this.itemType = itemType;
        node.definition().anyBody(body);
        node.output(Ports.DONE, null);
        node.output(Ports.LOOP, null);
        if (body instanceof MapBody) {
            node.definition().inputs(GraphNode.map(node.id()).inputs());
            node.output(Ports.SUMMARY, TypeRef.of(MapSummary.class));
        }
    }

    NodeDraft node() {
        return node;
    }

    /** What its body brings back; nothing if it ends without a value. */
    void result(@Nullable Output<?> handle) {
        DraftOutput output = handle == null ? null : node.flow().own(handle, "the body of " + what());
        if (output != null && !node.flow().isWrittenAfter(output.draft(), node)) {
            throw new IllegalArgumentException("the body of " + what() + " returns the handle of node '"
                    + output.draft().id() + "', which is outside of it; return one of a node written in the body");
        }
        result = output;
    }

    void breakOn(Output<?> handle) {
        node.definition();
        breaks.add(node.flow().own(handle, what()));
    }

    void maxIterations(int limit) {
        if (body instanceof LoopBody loop) {
            node.definition().anyBody(loop.atMost(limit));
        }
    }

    /** Sets what a map goes by. */
    void set(UnaryOperator<MapBody> setting) {
        NodeDefinition.Builder definition = node.definition();
        if (body instanceof MapBody map) {
            body = setting.apply(map);
            definition.anyBody(body);
        }
    }

    private String what() {
        return (body instanceof MapBody ? "map '" : "loop '") + node.id() + "'";
    }

    @Nullable
    TypeRef<?> inferredType(String port) {
        return port.equals(Ports.DONE) ? done : port.equals(Ports.LOOP) ? item : null;
    }

    /** Before the types of its body are inferred. */
    void inferItem(@Nullable TypeRef<?> source) {
        item = source == null ? null : itemType.of(source);
    }

    /** After the types of its body were inferred. */
    void inferDone() {
        DraftOutput brought = result;
        TypeRef<?> type = brought == null ? TypeRef.of(Void.class) : brought.inferredType();
        done = type == null ? null : TypeRef.listOf(type);
    }

    void connectBack(FlowDefinition target) {
        if (result != null) {
            target.connect(connection(result, Ports.MAIN));
        }
        breaks.forEach(sign -> target.connect(connection(sign, Ports.BREAK)));
    }

    private Connection connection(DraftOutput source, String port) {
        return new Connection(source.draft().id(), source.port(), node.id(), port);
    }

    /** Tells the type of the items from that of what a loop is given. */
    @FunctionalInterface
    interface TypeRule {
        @Nullable
        TypeRef<?> of(TypeRef<?> source);
    }
}
