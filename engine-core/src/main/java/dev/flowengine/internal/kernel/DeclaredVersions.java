package dev.flowengine.internal.kernel;

import dev.flowengine.flow.Flow;
import dev.flowengine.internal.journal.FlowRecords;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.FlowRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Versions of flows whose executions are gone on with by another version, because a host has said so: as far as the store
 * knows that they are built alike. Thread-safe.
 */
final class DeclaredVersions {
    private final ExecutionStore store;
    private final FlowRegistry registry;
    /** Nobody has kept them so far, so there are no executions of them either. */
    private final Map<FlowKey, Flow> unseen = new ConcurrentHashMap<>();

    private final Map<FlowKey, String> refused = new ConcurrentHashMap<>();

    DeclaredVersions(ExecutionStore store, FlowRegistry registry) {
        this.store = store;
        this.registry = registry;
    }

    /** What the store knows of versions; refuses those that are built otherwise than the flow. */
    Map<FlowKey, Optional<FlowRecord>> checked(Flow flow, Set<String> versions) {
        Map<FlowKey, Optional<FlowRecord>> known = new ConcurrentHashMap<>();
        for (String version : new TreeSet<>(versions)) {
            FlowKey edition = new FlowKey(flow.id(), version);
            Optional<FlowRecord> kept = store.flow(edition);
            kept.ifPresent(record -> requireAlike(record, flow));
            known.put(edition, kept);
        }
        return known;
    }

    /** A flow that is registered goes on with executions of versions that were checked before. */
    void declare(Flow flow, Map<FlowKey, Optional<FlowRecord>> versions) {
        versions.forEach((edition, kept) -> {
            refused.remove(edition);
            if (kept.isPresent()) {
                registry.alsoFor(edition, flow);
            } else {
                unseen.put(edition, flow);
            }
        });
    }

    /** Looks whether others have kept by now what nobody had when it was declared; true if there is more to go on with. */
    boolean lookAgain() {
        if (unseen.isEmpty()) {
            return false;
        }
        int before = registry.keys().size();
        unseen.forEach((edition, flow) -> store.flow(edition).ifPresent(kept -> {
            List<String> differences = FlowRecords.differencesInStructure(kept, flow);
            if (differences.isEmpty()) {
                registry.alsoFor(edition, flow);
            } else {
                refused.put(edition, String.join("; ", differences));
            }
            unseen.remove(edition, flow);
        }));
        return registry.keys().size() > before;
    }

    /** What was declared and does not hold, for people. */
    List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        refused.forEach((edition, differences) -> troubles.add("Executions of flow '" + edition.flowId() + "' version '"
                + edition.version() + "' are not gone on with by the version declared compatible: " + differences
                + "."));
        return troubles;
    }

    private static void requireAlike(FlowRecord kept, Flow flow) {
        List<String> differences = FlowRecords.differencesInStructure(kept, flow);
        if (!differences.isEmpty()) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "flow '" + flow.id() + "' version '" + flow.version()
                                    + "' cannot go on with executions of version '"
                                    + kept.key().version() + "': " + String.join("; ", differences))
                    .affectedNodes(FlowRecords.differingNodes(kept, flow))
                    .suggestedResolution("Keep version '" + kept.key().version()
                            + "' registered until its executions have ended, and do not declare it compatible.")
                    .build();
        }
    }
}
