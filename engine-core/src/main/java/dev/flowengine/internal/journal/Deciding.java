package dev.flowengine.internal.journal;

import dev.flowengine.graph.Connection;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.persistence.ConnectionRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The connections that fired an early join, by position in a layout and by name. */
final class Deciding {
    private Deciding() {}

    static List<ConnectionRecord> records(PlanLayout layout, int[] positions) {
        List<ConnectionRecord> records = new ArrayList<>();
        for (int in : positions) {
            records.add(record(layout.inConnection(in)));
        }
        return records;
    }

    /** In ascending order; connections the flow does not have are left out. */
    static int[] positions(PlanLayout layout, int node, List<ConnectionRecord> connections) {
        Set<ConnectionRecord> wanted = new HashSet<>(connections);
        int[] found = new int[wanted.size()];
        int count = 0;
        int end = layout.firstIn(layout.firstGate(node + 1));
        for (int in = layout.firstIn(layout.firstGate(node)); in < end && count < found.length; in++) {
            if (wanted.contains(record(layout.inConnection(in)))) {
                found[count++] = in;
            }
        }
        return java.util.Arrays.copyOf(found, count);
    }

    static ConnectionRecord record(Connection connection) {
        return new ConnectionRecord(connection.from(), connection.fromPort(), connection.to(), connection.toPort());
    }
}
