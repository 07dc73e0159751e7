package dev.flowengine.json;

import dev.flowengine.graph.Connection;
import dev.flowengine.graph.OrderDependency;
import dev.flowengine.graph.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Where in a document its nodes and connections are. */
final class FlowPlaces {
    private final List<String> nodes = new ArrayList<>();
    private final Map<OrderDependency, String> orders = new LinkedHashMap<>();
    private final Map<Connection, String> connections = new LinkedHashMap<>();

    private @Nullable Index index;

    /** Adds the next node. */
    void node(ReadNode node) {
        String place = "/nodes/" + nodes.size() + "/after/";
        String id = node.id() == null ? "" : node.id();
        nodes.add(id);
        for (int i = 0; i < node.after().size(); i++) {
            String before = node.after().get(i);
            if (before != null && node.id() != null) {
                orders.putIfAbsent(new OrderDependency(before, id), place + i);
            }
        }
    }

    void connection(Connection connection, String place) {
        connections.putIfAbsent(connection, place);
    }

    /** Gives each node that waits together with the node it waits for. */
    void forEachOrder(BiConsumer<String, String> action) {
        orders.keySet().forEach(order -> action.accept(order.to(), order.from()));
    }

    /** The pointer of the place a problem is to be mended at. */
    String of(Problem problem) {
        Index places = index();
        return switch (problem.code()) {
            case EMPTY_FLOW -> "/nodes";
            case DUPLICATE_ID -> places.repeated.getOrDefault(problem.nodes().get(0), "/nodes");
            case CYCLE -> places.closing(problem.nodes());
            default -> problem.connection().map(connections::get).orElseGet(() -> places.ofNodes(problem.nodes()));
        };
    }

    private Index index() {
        Index made = index == null ? new Index() : index;
        index = made;
        return made;
    }

    /** Pointers, made only if there is a problem. */
    private final class Index {
        private final Map<String, String> first = new HashMap<>();
        private final Map<String, String> repeated = new HashMap<>();
        private final Map<OrderDependency, String> ways = new HashMap<>();

        Index() {
            for (int i = 0; i < nodes.size(); i++) {
                String place = "/nodes/" + i;
                if (first.putIfAbsent(nodes.get(i), place) != null) {
                    repeated.putIfAbsent(nodes.get(i), place + "/id");
                }
            }
            connections.forEach((connection, place) ->
                    ways.putIfAbsent(new OrderDependency(connection.from(), connection.to()), place));
        }

        /** The last step of a cycle: what closes it is what is most likely too much. */
        String closing(List<String> path) {
            OrderDependency last = new OrderDependency(path.get(path.size() - 2), path.get(path.size() - 1));
            String way = ways.get(last);
            return way == null ? ofNodes(List.of(last.from(), last.to())) : way;
        }

        /** An order dependency is told by its two nodes, everything else by the node it is about. */
        String ofNodes(List<String> ids) {
            String dependency = ids.size() == 2 ? orders.get(new OrderDependency(ids.get(0), ids.get(1))) : null;
            return dependency == null ? first.getOrDefault(ids.get(0), "/nodes") : dependency;
        }
    }
}
