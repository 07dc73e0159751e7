package dev.flowengine.benchmarks;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.ListStatistics;

/**
 * Prints what one benchmark costs relative to another: unless two are named, the engine relative to the hand-written
 * countdown. Both run in turn, each time in a fresh JVM, and every ratio is that of two neighbours, so that a machine that
 * gets slower slows both. Of a JVM's iterations the median counts, so that one in which the machine was taken away does
 * not. Takes the options of JMH.
 */
public final class Ratios {
    private static final double CONFIDENCE = 0.95;
    private static final int MEDIAN = 50;
    private static final int PAIRS = 5;
    private static final List<String> SIZES = List.of("1000", "10000", "100000");

    private static final List<String> CONTENDERS = List.of("LayeredBenchmark.engine", "LayeredBenchmark.countdown");

    private final Options options;
    private final String ours;
    private final String theirs;

    private Ratios(Options options, List<String> contenders) {
        this.options = options;
        this.ours = contenders.get(0);
        this.theirs = contenders.get(1);
    }

    /** Measures each size of the graph; {@code -f} is the number of pairs, {@code -p nodes=} the sizes. */
    public static void main(String... args) throws CommandLineOptionException, RunnerException {
        Options options = new CommandLineOptions(args);
        int pairs = options.getForkCount().orElse(PAIRS);
        Collection<String> sizes = options.getParameter("nodes").orElse(SIZES);
        List<String> named = options.getIncludes();
        if (!named.isEmpty() && named.size() != 2) {
            throw new CommandLineOptionException("name two benchmarks to compare, or none; found " + named.size());
        }
        Ratios ratios = new Ratios(options, named.isEmpty() ? CONTENDERS : named);
        for (String nodes : sizes) {
            ratios.measure(nodes, pairs);
        }
    }

    private void measure(String nodes, int pairs) throws RunnerException {
        Samples first = new Samples(Integer.parseInt(nodes));
        Samples second = new Samples(Integer.parseInt(nodes));
        ListStatistics ratio = new ListStatistics();
        for (int i = 1; i <= pairs; i++) {
            double one = first.add(run(ours, theirs, nodes));
            double other = second.add(run(theirs, ours, nodes));
            ratio.addValue(one / other);
            print("%s nodes, pair %d: %.1f µs against %.1f µs, ratio %.2f", nodes, i, one, other, one / other);
        }
        print("%s nodes: %s %s", nodes, ours, first);
        print("%s nodes: %s %s", nodes, theirs, second);
        print("%s nodes: ratio %s (confidence %.0f %%, %d pairs)", nodes, withError(ratio), 100 * CONFIDENCE, pairs);
    }

    /** Runs one of the two in a JVM of its own. What was given may include both names, so that the other has to be left out. */
    private RunResult run(String benchmark, String other, String nodes) throws RunnerException {
        Options one = new OptionsBuilder()
                .parent(options)
                .include(exactly(benchmark))
                .exclude(exactly(other))
                .param("nodes", nodes)
                .forks(1)
                .addProfiler(GCProfiler.class)
                .verbosity(options.verbosity().orElse(VerboseMode.SILENT))
                .shouldFailOnError(true)
                .build();
        return new Runner(one).runSingle();
    }

    private static String exactly(String benchmark) {
        return "\\b" + Pattern.quote(benchmark) + "$";
    }

    private static String withError(ListStatistics values) {
        String mean = String.format(Locale.ROOT, "%.2f", values.getMean());
        // JMH gives no error for fewer.
        return values.getN() < 3
                ? mean
                : mean + String.format(Locale.ROOT, " ± %.2f", values.getMeanErrorAt(CONFIDENCE));
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    /** What the forks of one benchmark measured. */
    private static final class Samples {
        private final int nodes;
        private final ListStatistics nanos = new ListStatistics();
        private final ListStatistics bytes = new ListStatistics();

        Samples(int nodes) {
            this.nodes = nodes;
        }

        /** Adds a fork and gives the median of its iterations in µs. */
        double add(RunResult result) {
            double micros = result.getPrimaryResult().getStatistics().getPercentile(MEDIAN);
            nanos.addValue(1_000 * micros / nodes);
            bytes.addValue(
                    result.getSecondaryResults().get("gc.alloc.rate.norm").getScore() / nodes);
            return micros;
        }

        @Override
        public String toString() {
            return withError(nanos) + " ns per node, " + withError(bytes) + " bytes per node";
        }
    }
}
