package dev.flowengine.internal.kernel;

import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.InputReader;
import dev.flowengine.internal.machine.Loops;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.internal.machine.ReusedItems;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.MapBody;
import dev.flowengine.plan.RerunItems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Which items of the maps of an ended execution are taken over by another one. Maps are numbered as in the ended one. */
final class RenewedItems {
    private final RunSnapshot before;
    private final Map<Integer, ReusedItems> reused = new HashMap<>();
    private final List<RerunItems> told = new ArrayList<>();

    RenewedItems(RunSnapshot before) {
        this.before = before;
    }

    /** Whether a map has completed without some of its items. */
    boolean isIncomplete(int map) {
        if (table().status(map) != NodeStatus.COMPLETED || !haveBegun(map)) {
            return false;
        }
        ReusedItems completed = completed(map);
        boolean lacksSome = completed != null && completed.count() < table().pass(map);
        return lacksSome || table().failedItems(map) > 0 || table().failure(map) != null;
    }

    /** A map runs again; if none is given, there is no reason for it to do so from its first item on. */
    void again(int map, @Nullable String wholly) {
        if (!haveBegun(map)) {
            return;
        }
        ReusedItems completed = completed(map);
        String why = wholly == null ? unlikeBefore(map, completed) : wholly;
        String id = before.layout().definition(map).id();
        if (why != null || completed == null) {
            told.add(new RerunItems(id, 0, OptionalInt.empty(), Optional.ofNullable(why)));
            return;
        }
        OptionalInt run = completed.width() == NodeTable.UNKNOWN_WIDTH
                ? OptionalInt.empty()
                : OptionalInt.of(completed.width() - completed.count());
        told.add(new RerunItems(id, completed.count(), run, Optional.empty()));
        if (completed.count() > 0) {
            reused.put(map, completed);
        }
    }

    private @Nullable String unlikeBefore(int map, @Nullable ReusedItems completed) {
        if (completed == null) {
            return "what its items have brought back is not kept";
        }
        OptionalInt now = widthNow(map);
        int width = completed.width();
        return width == NodeTable.UNKNOWN_WIDTH || now.isEmpty() || now.getAsInt() == width
                ? null
                : "it is given " + now.getAsInt() + " items where it was given " + width;
    }

    private OptionalInt widthNow(int map) {
        PlanLayout layout = before.layout();
        InputReader reader = new InputReader(layout, table(), before.scope().inputs());
        return layout.definition(map).body().orElse(null) instanceof MapBody body
                ? body.width(reader.value(map, 0))
                : OptionalInt.empty();
    }

    /** Whether items of a map had begun, or were taken over. In another edition it may have been no map, or one in a body. */
    private boolean haveBegun(int map) {
        PlanLayout layout = before.layout();
        boolean isMap = layout.loops().isMap(map) && !layout.isInBody(map);
        return isMap
                && (table().pass(map) > 0 || before.scope().inputs().items().containsKey(map));
    }

    private @Nullable ReusedItems completed(int map) {
        Loops loops = Objects.requireNonNull(before.scope().loops(), "loops");
        return Objects.requireNonNull(loops.maps(), "maps").completed(map);
    }

    /** The items of a map that do not run again; null if all do. */
    @Nullable
    ReusedItems of(int map) {
        return reused.get(map);
    }

    /** What becomes of the items of each map that runs again. */
    List<RerunItems> told() {
        return told;
    }

    private NodeTable table() {
        return before.table();
    }
}
