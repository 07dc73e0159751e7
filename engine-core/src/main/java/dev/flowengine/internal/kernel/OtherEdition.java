package dev.flowengine.internal.kernel;

import dev.flowengine.flow.Flow;
import dev.flowengine.graph.DependencyResolver;
import dev.flowengine.graph.LoopRegion;
import dev.flowengine.internal.journal.FlowRecords;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.FlowRecord;
import dev.flowengine.persistence.RunImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a store keeps of an execution, as far as another edition of its flow can tell what it means: nothing of nodes whose kind,
 * ports, types, join or connections are not what they were, nor of what is downstream of these.
 */
final class OtherEdition {
    private OtherEdition() {}

    static RunImage readable(RunImage image, DurableRuns runs, Flow other) {
        FlowKey edition = image.run().header().flow();
        if (!edition.flowId().equals(other.id())) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "execution " + image.run().executionId() + " is one of flow '" + edition.flowId()
                                    + "' and cannot be redriven with flow '" + other.id() + "'")
                    .suggestedResolution("Redrive it with an edition of its own flow.")
                    .build();
        }
        FlowRecord kept = runs.store()
                .flow(edition)
                .orElseThrow(() -> FlowException.of(
                                FailureKind.NOT_FOUND,
                                "the store does not know version '" + edition.version() + "' of flow '"
                                        + edition.flowId() + "', of which execution "
                                        + image.run().executionId() + " is one")
                        .suggestedResolution("Register that version on this engine.")
                        .build());
        Set<String> unreadable = unreadable(FlowRecords.changedNodes(kept, other), other);
        return new RunImage(
                image.run(),
                image.input(),
                image.nodes().stream()
                        .filter(row -> !unreadable.contains(row.key().nodeId()))
                        .toList(),
                List.of(),
                List.of());
    }

    /** Loops are read whole, or not at all. */
    private static Set<String> unreadable(Set<String> changed, Flow flow) {
        DependencyResolver resolver = DependencyResolver.of(flow.graph());
        Set<String> found = new HashSet<>(changed);
        int before;
        do {
            before = found.size();
            for (String id : List.copyOf(found)) {
                if (flow.node(id).isPresent()) {
                    found.addAll(resolver.downstream(id));
                }
            }
            for (LoopRegion region : resolver.loops()) {
                Set<String> body = resolver.loopBody(region.loop());
                if (found.contains(region.loop()) || body.stream().anyMatch(found::contains)) {
                    found.add(region.loop());
                    found.addAll(body);
                }
            }
        } while (found.size() > before);
        return found;
    }
}
