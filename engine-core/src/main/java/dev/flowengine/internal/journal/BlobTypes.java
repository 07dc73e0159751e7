package dev.flowengine.internal.journal;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Ports;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Blob;
import dev.flowengine.node.TypeRef;
import java.util.List;
import java.util.function.Predicate;

/** What types say of blobs. */
public final class BlobTypes {
    private BlobTypes() {}

    static boolean isBlob(TypeRef<?> type) {
        return type.type() == Blob.class;
    }

    private static boolean holdsBlobs(TypeRef<?> type) {
        return !isBlob(type) && type.type().getTypeName().contains(Blob.class.getName());
    }

    /**
     * Refuses a flow whose nodes put out blobs that nobody would keep.
     *
     * @param flow the flow
     * @param kept whether the engine has a store for blobs
     * @throws FlowException of kind {@code INVALID_DEFINITION} that names the nodes
     */
    public static void require(Flow flow, boolean kept) {
        List<String> withBlobs = nodes(flow, BlobTypes::isBlob);
        if (!kept && !withBlobs.isEmpty()) {
            throw Blobs.noStore(
                    withBlobs,
                    "flow '" + flow.id() + "' needs a store: blobs are put out by " + String.join(", ", withBlobs));
        }
        List<String> nested = nodes(flow, BlobTypes::holdsBlobs);
        if (!nested.isEmpty()) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "flow '" + flow.id() + "' has blobs within other values, which are put out by "
                                    + String.join(", ", nested))
                    .affectedNodes(nested)
                    .suggestedResolution("Put a blob out as a value of its own, at a port of its own.")
                    .build();
        }
    }

    private static List<String> nodes(Flow flow, Predicate<TypeRef<?>> holding) {
        return flow.nodes().stream()
                .filter(node -> node.shape().outputs().stream().anyMatch(port -> is(node, port, holding)))
                .map(NodeDefinition::id)
                .toList();
    }

    private static boolean is(NodeDefinition node, String port, Predicate<TypeRef<?>> holding) {
        return !port.equals(Ports.ERROR)
                && node.outputType(port).filter(holding).isPresent();
    }
}
