package dev.flowengine.internal.attempt;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Ports;
import dev.flowengine.internal.machine.MapAnswer;
import dev.flowengine.internal.machine.Maps;
import dev.flowengine.internal.machine.ReusedItems;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Items;
import dev.flowengine.node.LoopItem;
import dev.flowengine.node.MapBody;
import dev.flowengine.node.MapSummary;
import dev.flowengine.node.NodeInterceptor;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.TypeRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The question to a map what comes next, through whoever stands around it. */
final class MapCall {
    private final Attempt attempt;
    private final NodeDefinition map;
    private final Maps maps;
    private final @Nullable ReusedItems reused;
    private @Nullable OpenItems source;
    private int number;
    private boolean differs;

    MapCall(Attempt attempt, NodeDefinition map, Maps maps) {
        this.attempt = attempt;
        this.map = map;
        this.maps = maps;
        this.reused = maps.reused(attempt.node());
        this.source = (OpenItems) maps.source(attempt.node());
    }

    MapAnswer answer(List<NodeInterceptor> interceptors) throws Exception {
        if (maps.isDone(attempt.node())) {
            return MapAnswer.end(PortValues.of(Ports.DONE, maps.results(attempt.node()))
                    .and(Ports.SUMMARY, summary(maps.summary(attempt.node()))));
        }
        LoopItem item = next(interceptors);
        // An interceptor may have answered for the source.
        int last = Math.max(maps.begun(attempt.node()), reused == null ? 0 : reused.last());
        return MapAnswer.next(
                item, item.isPresent() ? number : last, source == null ? new OpenItems(Items.of(List.of())) : source);
    }

    /**
     * What has to be kept so that the map can go on elsewhere: an item with what its lane brought back before, or all. Null if
     * nothing has.
     */
    @Nullable
    PortValues toKeep(MapAnswer answer) {
        PortValues outputs = answer.outputs();
        if (outputs != null) {
            return outputs;
        }
        return answer.item().isPresent()
                ? PortValues.of(Ports.DONE, maps.lastInLane(attempt.node()))
                        .and(Ports.LOOP, answer.item().value())
                : null;
    }

    private LoopItem next(List<NodeInterceptor> interceptors) throws Exception {
        number = firstNotReused(maps.begun(attempt.node()) + 1);
        Object made = from(0, interceptors);
        if (!(made instanceof LoopItem item)) {
            throw BodyCall.unlikeItsBody(map, "LoopItem", made);
        }
        TypeRef<?> type = map.outputType(Ports.LOOP).orElse(null);
        if (item.isPresent() && type != null && !type.accepts(item.value())) {
            throw Failures.wrongType(map.id(), type, item.value());
        }
        return item;
    }

    private @Nullable Object from(int next, List<NodeInterceptor> interceptors) throws Exception {
        return next == interceptors.size()
                ? call()
                : interceptors.get(next).intercept(attempt, () -> from(next + 1, interceptors));
    }

    private LoopItem call() throws Exception {
        OpenItems open = source;
        if (open == null) {
            open = open();
            source = open;
            passOver(open);
        }
        int at = maps.begun(attempt.node());
        LoopItem item = open.next();
        while (item.isPresent() && isReused(++at)) {
            requireSame(at, item);
            item = open.next();
        }
        if (!item.isPresent() && reused != null && reused.last() > at) {
            throw differs("ends before item " + reused.last() + ", which it had");
        }
        number = at;
        return item;
    }

    private boolean isReused(int item) {
        return reused != null && reused.has(item);
    }

    private int firstNotReused(int from) {
        int item = from;
        while (isReused(item)) {
            item++;
        }
        return item;
    }

    private void requireSame(int item, LoopItem found) throws FlowException {
        if (!attempt.host.isSameItem(attempt.node(), item, found.value())) {
            throw differs("has another item " + item);
        }
    }

    private OpenItems open() throws Exception {
        Items<?> items = ((MapBody) map.body().orElseThrow()).open(attempt);
        if (items == null) {
            throw new NullPointerException("the body of map '" + map.id() + "' returned null instead of its items");
        }
        return new OpenItems(items);
    }

    /** Of a source that is opened again the items are not taken again that have begun; they have to be the same. */
    private void passOver(OpenItems open) throws Exception {
        int begun = maps.begun(attempt.node());
        int width = begun > 0 || reused == null ? attempt.scope().nodes().width(attempt.node()) : reused.width();
        int found = open.width();
        if ((begun > 0 || reused != null) && width != found) {
            throw differs("has " + width(found) + " where it had " + width(width));
        }
        for (int item = 1; item <= begun; item++) {
            LoopItem next = open.next();
            if (!next.isPresent()) {
                throw differs("ends before item " + item + ", which it had");
            }
            requireSame(item, next);
        }
    }

    private static String width(int width) {
        return width < 0 ? "an unknown number of items" : width + " items";
    }

    private FlowException differs(String how) {
        differs = true;
        return FlowException.of(
                        FailureKind.INVALID_FLOW_STATE, "the source of map '" + map.id() + "', opened again, " + how)
                .affectedNodes(List.of(map.id()))
                .suggestedResolution("Have the source yield the same items in the same order from the same input"
                        + (reused == null ? "." : ", or redrive the map from(…) its first item."))
                .build();
    }

    /** Of a map that puts out plain data its summary is too. */
    private Object summary(MapSummary summary) {
        TypeRef<?> type = map.outputType(Ports.SUMMARY).orElse(null);
        if (TypeRef.of(MapSummary.class).equals(type)) {
            return summary;
        }
        List<Object> failures = new ArrayList<>();
        summary.failures()
                .forEach(failure -> failures.add(Map.of(
                        "item", failure.item(),
                        "kind", failure.kind().name(),
                        "nodeId", failure.nodeId(),
                        "message", failure.message())));
        Map<String, Object> plain = new LinkedHashMap<>();
        plain.put("items", summary.items());
        plain.put("failed", summary.failed());
        plain.put("failures", failures);
        return plain;
    }

    /** Closes the source because of a failure, and says of what kind that is. */
    FailureKind failed(Throwable failure) {
        try {
            close();
        } catch (Throwable unclosed) {
            if (unclosed != failure) {
                failure.addSuppressed(unclosed);
            }
        }
        return differs ? FailureKind.INVALID_FLOW_STATE : FailureKind.NODE_EXECUTION_FAILED;
    }

    /** Closes the source, if it is open. */
    void close() throws Exception {
        if (source != null) {
            source.close();
        }
    }
}
