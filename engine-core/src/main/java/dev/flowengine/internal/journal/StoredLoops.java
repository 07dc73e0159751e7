package dev.flowengine.internal.journal;

import dev.flowengine.graph.Ports;
import dev.flowengine.internal.layout.LoopLayout;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.RestoredLoop;
import dev.flowengine.model.Iteration;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.Payload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far the loops of a run had come, by its rows. Beside its own row a loop has one for each iteration it has begun, under
 * the path of that iteration: it holds the item, and what the iteration before brought back.
 */
final class StoredLoops {
    private final PlanLayout layout;
    private final int[] passes;
    private final Map<Integer, SortedMap<Integer, NodeRecord>> items = new HashMap<>();

    StoredLoops(PlanLayout layout, List<NodeRecord> rows) {
        this.layout = layout;
        this.passes = new int[layout.loops().isEmpty() ? 0 : layout.size()];
        Map<Integer, List<NodeRecord>> rowsOfLoops = new HashMap<>();
        for (NodeRecord row : passes.length == 0 ? List.<NodeRecord>of() : rows) {
            int node = layout.numberOf(row.key().nodeId());
            if (node >= 0 && layout.isLoop(node)) {
                rowsOfLoops.computeIfAbsent(node, any -> new ArrayList<>()).add(row);
            }
        }
        // Outer ones come first: what inner ones have done counts only in the iteration their outer one is in.
        for (LoopLayout.Region region : layout.loops().regions()) {
            int loop = region.loop();
            SortedMap<Integer, NodeRecord> begun = begun(loop, rowsOfLoops.getOrDefault(loop, List.of()));
            passes[loop] = begun.isEmpty() ? 0 : begun.lastKey();
            items.put(loop, begun);
        }
    }

    /** Whether a row tells of the iteration its node is in, and is one of the node itself. */
    boolean isCurrent(int node, NodeRecord row) {
        return passes.length == 0 || row.key().iteration().equals(iteration(node));
    }

    boolean hasBegun(int node) {
        return passes.length > 0 && passes[node] > 0;
    }

    /** What machines need to go on with the loops that have begun. */
    List<RestoredLoop> restored(Payloads payloads) {
        List<RestoredLoop> restored = new ArrayList<>();
        items.forEach((loop, begun) -> {
            if (!begun.isEmpty()) {
                List<@Nullable Object> results = new ArrayList<>();
                begun.values().forEach(row -> {
                    if (value(loop, row, Ports.DONE, payloads) instanceof List<?> brought) {
                        results.addAll(brought);
                    }
                });
                NodeRecord last = Objects.requireNonNull(begun.get(begun.lastKey()));
                Object item = value(loop, last, Ports.LOOP, payloads);
                restored.add(new RestoredLoop(loop, begun.lastKey(), item, results));
            }
        });
        return restored;
    }

    private SortedMap<Integer, NodeRecord> begun(int loop, List<NodeRecord> rows) {
        List<Integer> around = iteration(loop).path();
        SortedMap<Integer, NodeRecord> begun = new TreeMap<>();
        for (NodeRecord row : rows) {
            List<Integer> path = row.key().iteration().path();
            boolean isItem = path.size() == around.size() + 1
                    && path.subList(0, around.size()).equals(around);
            if (isItem) {
                begun.put(path.get(around.size()), row);
            }
        }
        return begun;
    }

    private Iteration iteration(int node) {
        return layout.loops().iteration(node, loop -> passes[loop]);
    }

    private @Nullable Object value(int loop, NodeRecord row, String port, Payloads payloads) {
        Payload payload = row.result().outputs().get(port);
        TypeRef<?> type = Payloads.typeOf(layout.definition(loop), port).orElse(null);
        return payload == null || type == null ? null : payloads.decode(payload, type);
    }
}
