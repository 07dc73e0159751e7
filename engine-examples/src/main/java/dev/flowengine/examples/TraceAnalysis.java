package dev.flowengine.examples;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * What can be said about a trace before it is replayed.
 *
 * @param tasks how many there are
 * @param criticalPathSeconds the longest chain of tasks that wait for each other: no replay is faster
 * @param workSeconds all runtimes together
 * @param widestLevel the most tasks with equally many steps before them: as many can run at once, perhaps more
 */
record TraceAnalysis(int tasks, double criticalPathSeconds, double workSeconds, int widestLevel) {
    private static final double SUITABLE_SECONDS = 5;
    private static final double SUITABLE_SECONDS_PER_TASK = 0.01;
    private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_UP);

    /** Looks at each task and each connection once. */
    static TraceAnalysis of(TaskGraph graph) {
        double[] end = new double[graph.size()];
        int[] level = new int[graph.size()];
        int[] onLevel = new int[graph.size()];
        double critical = 0;
        double work = 0;
        int widest = 0;
        for (int task : graph.order()) {
            for (int parent : graph.parents(task)) {
                end[task] = Math.max(end[task], end[parent]);
                level[task] = Math.max(level[task], level[parent] + 1);
            }
            end[task] += graph.seconds(task);
            critical = Math.max(critical, end[task]);
            work += graph.seconds(task);
            widest = Math.max(widest, ++onLevel[level[task]]);
        }
        return new TraceAnalysis(graph.size(), critical, work, widest);
    }

    /** No schedule is faster: neither the longest chain nor the work of one worker can be shortened. */
    double lowerBoundSeconds(int workers) {
        return Math.max(criticalPathSeconds, workSeconds / workers);
    }

    /** Graham's bound: no schedule that leaves no worker idle while a task is ready is slower. */
    double grahamBoundSeconds(int workers) {
        return workSeconds / workers + criticalPathSeconds;
    }

    /**
     * A speed, of three digits, at which a replay takes a few seconds; 1 if it takes no more as recorded. Timers and
     * threads add something to each task: it is kept little beside what is measured.
     */
    double suitableSpeed(int workers) {
        double seconds = Math.max(SUITABLE_SECONDS, SUITABLE_SECONDS_PER_TASK * tasks / workers);
        BigDecimal exact = BigDecimal.valueOf(lowerBoundSeconds(workers) / seconds);
        return Math.max(1, exact.round(THREE_DIGITS).doubleValue());
    }
}
