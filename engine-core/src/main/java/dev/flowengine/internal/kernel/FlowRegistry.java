package dev.flowengine.internal.kernel;

import dev.flowengine.flow.Flow;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.FlowKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The flows an engine knows, by id and version. Thread-safe. */
final class FlowRegistry {
    private final Map<FlowKey, Flow> flows = new ConcurrentHashMap<>();
    /** Editions that are not known themselves, and what goes on with their executions. */
    private final Map<FlowKey, Flow> compatible = new ConcurrentHashMap<>();
    /** Of each flow the edition that was registered last. */
    private final Map<String, Flow> latest = new ConcurrentHashMap<>();

    /**
     * Gets to know a flow.
     *
     * @return false if its edition is known already
     */
    boolean register(Flow flow) {
        Flow known = flows.putIfAbsent(new FlowKey(flow.id(), flow.version()), flow);
        if (known != null && !known.graph().equals(flow.graph())) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "flow '" + flow.id() + "' version '" + flow.version()
                                    + "' is registered already with another structure: " + known.graph()
                                    + ", now " + flow.graph())
                    .suggestedResolution("Give the changed flow a new version.")
                    .build();
        }
        if (known == null) {
            latest.put(flow.id(), flow);
        }
        return known == null;
    }

    /** A flow goes on with executions of another edition, unless that is known itself. */
    void alsoFor(FlowKey edition, Flow flow) {
        compatible.put(edition, flow);
    }

    /** The edition of a flow that was registered last. */
    Optional<Flow> latest(String flowId) {
        return Optional.ofNullable(latest.get(flowId));
    }

    /** What goes on with executions of an edition: the edition itself, or one that does so for it. */
    Optional<Flow> find(FlowKey edition) {
        Flow same = flows.get(edition);
        return Optional.ofNullable(same == null ? compatible.get(edition) : same);
    }

    /** A flow that is known in exactly that edition. */
    Optional<Flow> findSame(FlowKey edition) {
        return Optional.ofNullable(flows.get(edition));
    }

    /** The flows that are known. */
    List<Flow> flows() {
        return List.copyOf(flows.values());
    }

    /** The editions whose executions can be gone on with. */
    Set<FlowKey> keys() {
        Set<FlowKey> keys = new HashSet<>(flows.keySet());
        keys.addAll(compatible.keySet());
        return keys;
    }
}
