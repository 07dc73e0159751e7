package dev.flowengine.settlement;

import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.Ports;
import dev.flowengine.node.Items;
import dev.flowengine.node.LoopBody;
import dev.flowengine.node.LoopItem;
import dev.flowengine.node.MapBody;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.Tolerance;
import dev.flowengine.node.WaitingBody;
import dev.flowengine.oracle.CaseConnection;
import dev.flowengine.oracle.CaseNode;
import dev.flowengine.oracle.CaseOrder;
import dev.flowengine.oracle.GraphCase;
import dev.flowengine.oracle.NestedCase;
import dev.flowengine.oracle.Repeated;
import dev.flowengine.oracle.ValueDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Turns a case with loops and maps into a flow, and notes what its bodies do in each iteration. */
final class NestedFlow {
    private static final Duration MOMENT = Duration.ofNanos(50_000);

    private final NestedCase outermost;
    private final FlowDefinition definition;
    private final CaseNodes nodes = CaseNodes.inIterations(this::trace);
    private final Map<String, NestedCase> owners = new HashMap<>();
    private final Map<String, NodeTrace> traces = new ConcurrentHashMap<>();
    private final Flow flow;
    private long salt;

    NestedFlow(NestedCase nested) {
        GraphCase graph = nested.graph();
        outermost = nested;
        salt = graph.seed();
        definition = Flow.definition("nested-" + graph.seed())
                .failureMode(FailureMode.valueOf(graph.settings().failureMode().name()))
                .retry(RetryPolicy.fixed(Duration.ZERO)
                        .maxAttempts(graph.settings().maxAttempts()));
        add(nested, null);
        flow = definition.build();
    }

    Flow flow() {
        return flow;
    }

    /** What each node did since the last {@link #reset()}, by {@code node} or {@code node/path}. */
    Map<String, NodeTrace> traces() {
        return traces;
    }

    /** The trace of a node outside of loops and maps. */
    NodeTrace trace(String node) {
        return traces.computeIfAbsent(
                node, any -> new NodeTrace(outermost.graph().node(node)));
    }

    /** Before each execution. */
    void reset() {
        traces.clear();
    }

    private NodeTrace trace(String node, @Nullable NodeContext attempt) {
        String path = attempt == null ? "" : path(attempt);
        String key = path.isEmpty() ? node : node + "/" + path;
        return traces.computeIfAbsent(key, any -> new NodeTrace(owner(node).node(node, path)));
    }

    private NestedCase owner(String node) {
        NestedCase owner = owners.get(node);
        if (owner == null) {
            throw new IllegalArgumentException("no node " + node + " in " + outermost);
        }
        return owner;
    }

    private static String path(NodeContext context) {
        String[] parts = context.idempotencyKey().split("/", -1);
        return parts.length > 2 ? parts[2] : "";
    }

    /** The trigger of what an owner repeats is the owner itself. */
    private void add(NestedCase nested, @Nullable String repeating) {
        for (CaseNode node : nested.graph().nodes()) {
            owners.put(node.id(), nested);
            salt++;
            if (!node.trigger()) {
                definition.add(node(nested, node));
            } else if (repeating == null) {
                definition.add(NodeDefinition.trigger(node.id(), CaseNodes.ANY));
            }
        }
        for (CaseConnection wire : nested.graph().connections()) {
            definition.connect(connection(nested, wire, repeating));
        }
        for (CaseOrder order : nested.graph().orders()) {
            definition.after(order.to(), order.from());
        }
        List<String> inOrder = nested.graph().nodes().stream()
                .map(CaseNode::id)
                .filter(nested.repeated()::containsKey)
                .toList();
        inOrder.forEach(id -> addBody(id, nested.repeated().get(id)));
    }

    private void addBody(String id, Repeated repeated) {
        add(repeated.body(), id);
        definition.connect(connectionBack(repeated.body(), repeated.result(), id, Ports.MAIN));
        if (repeated.sign() != null) {
            definition.connect(connectionBack(repeated.body(), repeated.sign(), id, Ports.BREAK));
        }
    }

    private static Connection connection(NestedCase nested, CaseConnection wire, @Nullable String repeating) {
        boolean ofItem = repeating != null && nested.graph().node(wire.from()).trigger();
        return ofItem
                ? new Connection(repeating, Ports.LOOP, wire.to(), wire.toPort())
                : new Connection(wire.from(), port(nested, wire.from(), wire.fromPort()), wire.to(), wire.toPort());
    }

    private static Connection connectionBack(NestedCase body, Repeated.Source source, String to, String port) {
        return new Connection(source.node(), port(body, source.node(), source.port()), to, port);
    }

    private static String port(NestedCase nested, String node, String port) {
        return nested.repeated().containsKey(node) && port.equals(Ports.MAIN) ? Ports.DONE : port;
    }

    private NodeDefinition node(NestedCase nested, CaseNode node) {
        Repeated repeated = nested.repeated().get(node.id());
        if (repeated != null) {
            return repeating(node, repeated).onError(onError(node)).build();
        }
        return nested.waiting().contains(node.id()) ? waiting(node) : nodes.node(node, salt);
    }

    private static NodeDefinition.Builder repeating(CaseNode node, Repeated repeated) {
        if (!repeated.isMap()) {
            LoopBody loop = (context, progress) -> {
                int next = progress.iterations() + 1;
                return next <= repeated.items(path(context))
                        ? LoopItem.of(repeated.item(next, ValueDigest.render(context.input())))
                        : LoopItem.none();
            };
            return NodeDefinition.loop(node.id(), loop);
        }
        MapBody map = context -> {
            String input = ValueDigest.render(context.input());
            List<String> items = new ArrayList<>();
            for (int number = 1; number <= repeated.items(path(context)); number++) {
                items.add(repeated.item(number, input));
            }
            return repeated.tolerated() == 0 ? Items.of(items.stream()) : Items.of(items);
        };
        Tolerance tolerance = repeated.tolerated() == Repeated.ALL
                ? Tolerance.ofPercent(100)
                : Tolerance.ofFailures(repeated.tolerated());
        return NodeDefinition.map(
                node.id(), map.withConcurrency(repeated.lanes()).withTolerance(tolerance));
    }

    private static ErrorHandling onError(CaseNode node) {
        String fallback = ValueDigest.fallback(node.id());
        return switch (node.policy().onError()) {
            case FAIL -> ErrorHandling.FAIL;
            case CONTINUE -> ErrorHandling.CONTINUE;
            case ERROR_OUTPUT -> ErrorHandling.ERROR_OUTPUT;
            case FALLBACK -> ErrorHandling.fallback(fallback);
            case FALLBACK_TO_NULL -> ErrorHandling.fallback(null);
            case RECOVER -> ErrorHandling.recover(error -> fallback);
            case FAILING_RECOVERY ->
                ErrorHandling.recover(error -> {
                    throw new PlannedFailure("the recovery of " + node.id());
                });
        };
    }

    private NodeDefinition waiting(CaseNode node) {
        Duration time = salt % 2 == 0 ? Duration.ZERO : MOMENT;
        return NodeDefinition.builder(node.id())
                .anyBody(WaitingBody.lasting(context -> {
                    trace(node.id(), context).begin(context.attempt(), List.of(ValueDigest.render(context.input())));
                    return time;
                }))
                .build();
    }
}
