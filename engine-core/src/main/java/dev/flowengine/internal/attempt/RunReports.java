package dev.flowengine.internal.attempt;

import dev.flowengine.extension.TimeSource;
import dev.flowengine.model.LogLine;
import dev.flowengine.model.NodeProgress;
import dev.flowengine.node.NodeLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the bodies of one execution tell about themselves: how far each has come, and the lines of the log. Between two
 * times that listeners are told, the reports of a node become one. Thread-safe.
 */
public final class RunReports {
    private final TimeSource time;
    private final boolean observed;
    private final Map<Integer, NodeProgress> latest = new HashMap<>(0);
    private final Map<Integer, Untold> untold = new HashMap<>(0);
    private final List<LogLine> lines = new ArrayList<>(0);
    private final BitSet cached = new BitSet(0);
    /** Asked for every node, and false in most executions. */
    private volatile boolean anyCached;

    private long count;
    private long dropped;
    private boolean closed;

    /**
     * Creates reports, of which there are none.
     *
     * @param time the clock
     * @param observed whether anybody will be told
     */
    public RunReports(TimeSource time, boolean observed) {
        this.time = time;
        this.observed = observed;
    }

    /** A node says how far it has come; true if somebody has to be told who has not been asked to yet. */
    boolean progress(int node, double fraction, String message) {
        return progress(node, new NodeProgress(fraction, message, time.instant()));
    }

    private synchronized boolean progress(int node, NodeProgress progress) {
        if (closed) {
            return false;
        }
        count++;
        latest.put(node, progress);
        return tell(node, progress, null);
    }

    Instant now() {
        return time.instant();
    }

    /** A node writes a line; true if somebody has to be told who has not been asked to yet. */
    synchronized boolean log(int node, LogLine line) {
        if (closed) {
            return false;
        }
        if (lines.size() == NodeLog.MOST_LINES) {
            dropped++;
            return false;
        }
        count++;
        lines.add(line);
        return tell(node, null, line);
    }

    /**
     * Notes whether the latest attempt of a node was spared by a result that was kept.
     *
     * @param node its number
     * @param hit whether it was
     */
    public synchronized void cached(int node, boolean hit) {
        cached.set(node, hit);
        anyCached |= hit;
    }

    /**
     * Whether the latest attempt of a node was spared by a result that was kept.
     *
     * @param node its number
     * @return true if so
     */
    public boolean isCached(int node) {
        return anyCached && isKnownAsCached(node);
    }

    private synchronized boolean isKnownAsCached(int node) {
        return cached.get(node);
    }

    /**
     * Begins with what was written before this engine took the execution over.
     *
     * @param earlier the first lines of its log
     */
    public synchronized void restore(List<LogLine> earlier) {
        lines.addAll(earlier.subList(0, Math.min(earlier.size(), NodeLog.MOST_LINES)));
    }

    /**
     * The lines of the log that came after others.
     *
     * @param first how many lines to leave out
     * @return a copy of those behind them
     */
    public synchronized List<LogLine> linesFrom(int first) {
        return List.copyOf(lines.subList(first, lines.size()));
    }

    /**
     * Takes what has to be told of a node.
     *
     * @param node its number
     * @return its reports since the last call
     */
    public synchronized Untold take(int node) {
        Untold taken = untold.remove(node);
        return taken == null ? new Untold() : taken;
    }

    /**
     * What has been reported so far.
     *
     * @return a copy, which does not change any more
     */
    public synchronized Reported reported() {
        return lines.isEmpty() && latest.isEmpty() && dropped == 0
                ? Reported.NOTHING
                : new Reported(Map.copyOf(latest), List.copyOf(lines), dropped);
    }

    /** The execution has ended: nothing is reported any more. */
    public synchronized void close() {
        closed = true;
        untold.clear();
    }

    /**
     * How much has been reported.
     *
     * @return a number that grows with every report
     */
    public synchronized long count() {
        return count;
    }

    private boolean tell(int node, @Nullable NodeProgress progress, @Nullable LogLine line) {
        if (!observed) {
            return false;
        }
        boolean first = !untold.containsKey(node);
        Untold waiting = untold.computeIfAbsent(node, any -> new Untold());
        if (progress != null) {
            waiting.progress = progress;
        }
        if (line != null) {
            waiting.lines.add(line);
        }
        return first;
    }

    /**
     * What bodies have reported by a moment.
     *
     * @param progress the latest word of each node that said how far it has come, by number
     * @param lines the lines of the log that were kept
     * @param dropped how many lines there were besides
     */
    public record Reported(Map<Integer, NodeProgress> progress, List<LogLine> lines, long dropped) {
        private static final Reported NOTHING = new Reported(Map.of(), List.of(), 0);
    }

    /** What listeners have not been told of a node. */
    public static final class Untold {
        private final List<LogLine> lines = new ArrayList<>(0);
        private @Nullable NodeProgress progress;

        /**
         * How far it has come.
         *
         * @return its latest word; null if it said nothing since
         */
        public @Nullable NodeProgress progress() {
            return progress;
        }

        /**
         * What it has written.
         *
         * @return the lines
         */
        public List<LogLine> lines() {
            return List.copyOf(lines);
        }
    }
}
