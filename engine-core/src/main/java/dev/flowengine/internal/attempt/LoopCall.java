package dev.flowengine.internal.attempt;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Ports;
import dev.flowengine.node.LoopBody;
import dev.flowengine.node.LoopItem;
import dev.flowengine.node.LoopProgress;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.NodeInterceptor;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.TypeRef;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The call of a loop's body, through whoever stands around it. */
final class LoopCall {
    private final NodeContext context;
    private final NodeDefinition loop;
    private final LoopProgress progress;

    LoopCall(NodeContext context, NodeDefinition loop, LoopProgress progress) {
        this.context = context;
        this.loop = loop;
        this.progress = progress;
    }

    LoopItem next(List<NodeInterceptor> interceptors) throws Exception {
        Object made = from(0, interceptors);
        if (!(made instanceof LoopItem item)) {
            throw BodyCall.unlikeItsBody(loop, "LoopItem", made);
        }
        TypeRef<?> type = loop.outputType(Ports.LOOP).orElse(null);
        if (item.isPresent() && type != null && !type.accepts(item.value())) {
            throw Failures.wrongType(loop.id(), type, item.value());
        }
        return item;
    }

    /** What has to be kept so that the loop can go on elsewhere: an item with what the iteration before brought, or all. */
    PortValues toKeep(LoopItem item, Supplier<List<@Nullable Object>> results) {
        return item.isPresent()
                ? PortValues.of(Ports.DONE, progress.results()).and(Ports.LOOP, item.value())
                : PortValues.of(Ports.DONE, results.get());
    }

    private @Nullable Object from(int next, List<NodeInterceptor> interceptors) throws Exception {
        return next == interceptors.size()
                ? call()
                : interceptors.get(next).intercept(context, () -> from(next + 1, interceptors));
    }

    private LoopItem call() throws Exception {
        LoopItem item = ((LoopBody) loop.body().orElseThrow()).next(context, progress);
        if (item == null) {
            throw new NullPointerException("the body of loop '" + loop.id() + "' returned null instead of an item");
        }
        return item;
    }
}
