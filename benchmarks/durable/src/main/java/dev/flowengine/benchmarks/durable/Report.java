package dev.flowengine.benchmarks.durable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints what was measured. */
final class Report {

    private Report() {}

    static void line(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    static void head() {
        line(
                "| concurrent | contender | flows/s | steps/s | rows/step | WAL bytes/step | JVM CPU µs/step | p50 µs/step | p99 µs/step |"
                        + " engine ÷ it, steps/s (each round) |");
        line("|---|---|---|---|---|---|---|---|---|---|");
    }

    static void row(int concurrent, String name, Sample sample, double rows, List<Double> ratios) {
        line(
                "| %d | %s | %.0f | %.0f | %.1f | %.0f | %.0f | %.0f | %.0f | %s |",
                concurrent,
                name,
                sample.flows(),
                sample.steps(),
                rows,
                sample.walBytes(),
                sample.cpuMicros(),
                sample.p50(),
                sample.p99(),
                ratios(ratios));
    }

    private static String ratios(List<Double> ratios) {
        if (ratios.isEmpty()) {
            return "";
        }
        List<String> each = new ArrayList<>();
        ratios.forEach(ratio -> each.add(String.format(Locale.ROOT, "%.2f", ratio)));
        double median =
                ratios.stream().sorted().skip(ratios.size() / 2).findFirst().orElseThrow();
        return String.format(Locale.ROOT, "**%.2f** (%s)", median, String.join(", ", each));
    }
}
