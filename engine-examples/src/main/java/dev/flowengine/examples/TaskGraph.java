package dev.flowengine.examples;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tasks of a trace as numbers, with their connections in both directions. The trace must be free of cycles. */
final class TaskGraph {
    private final double[] seconds;
    private final int[][] parents;
    private final int[][] children;

    private TaskGraph(double[] seconds, int[][] parents, int[][] children) {
        this.seconds = seconds;
        this.parents = parents;
        this.children = children;
    }

    static TaskGraph of(WfTrace trace) {
        List<WfTask> tasks = trace.tasks();
        Map<String, Integer> numbers = new HashMap<>();
        tasks.forEach(task -> numbers.put(task.id(), numbers.size()));
        int[][] parents = new int[tasks.size()][];
        for (int task = 0; task < parents.length; task++) {
            parents[task] =
                    tasks.get(task).parents().stream().mapToInt(numbers::get).toArray();
        }
        double[] seconds = tasks.stream().mapToDouble(WfTask::seconds).toArray();
        return new TaskGraph(seconds, parents, reversed(parents));
    }

    int size() {
        return seconds.length;
    }

    double seconds(int task) {
        return seconds[task];
    }

    /** The tasks it waits for; not to be written to. */
    int[] parents(int task) {
        return parents[task];
    }

    /** The tasks that wait for it, ascending; not to be written to. */
    int[] children(int task) {
        return children[task];
    }

    /** All tasks, each after its parents. */
    int[] order() {
        int[] waitsFor = new int[size()];
        int[] order = new int[size()];
        int found = 0;
        for (int task = 0; task < size(); task++) {
            waitsFor[task] = parents[task].length;
            if (waitsFor[task] == 0) {
                order[found++] = task;
            }
        }
        for (int next = 0; next < found; next++) {
            for (int child : children[order[next]]) {
                if (--waitsFor[child] == 0) {
                    order[found++] = child;
                }
            }
        }
        if (found < size()) {
            throw new IllegalStateException("the trace has a cycle: build its flow first, which refuses it");
        }
        return order;
    }

    private static int[][] reversed(int[][] edges) {
        int[] counts = new int[edges.length];
        for (int[] targets : edges) {
            for (int target : targets) {
                counts[target]++;
            }
        }
        int[][] reversed = new int[edges.length][];
        for (int node = 0; node < edges.length; node++) {
            reversed[node] = new int[counts[node]];
        }
        for (int node = edges.length - 1; node >= 0; node--) {
            for (int target : edges[node]) {
                reversed[target][--counts[target]] = node;
            }
        }
        return reversed;
    }
}
