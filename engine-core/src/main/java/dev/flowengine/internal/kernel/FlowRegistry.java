package dev.flowengine.internal.kernel;

import dev.flowengine.flow.Flow;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The flows an engine knows, by id and version. Thread-safe. */
final class FlowRegistry {
    private final Map<Key, Flow> flows = new ConcurrentHashMap<>();

    void register(Flow flow) {
        Flow known = flows.putIfAbsent(new Key(flow.id(), flow.version()), flow);
        if (known != null && !known.graph().equals(flow.graph())) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "flow '" + flow.id() + "' version '" + flow.version()
                                    + "' is registered already with another structure: " + known.graph()
                                    + ", now " + flow.graph())
                    .suggestedResolution("Give the changed flow a new version.")
                    .build();
        }
    }

    /** What names an edition of a flow. */
    private record Key(String id, String version) {}
}
