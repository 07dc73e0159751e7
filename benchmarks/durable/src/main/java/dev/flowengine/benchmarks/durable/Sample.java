package dev.flowengine.benchmarks.durable;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What was measured of a contender in one go.
 *
 * @param flows flows per second
 * @param steps steps per second
 * @param walBytes bytes written to the server's log per step
 * @param cpuMicros processor time of this process per step, in µs: what is left when the database is elsewhere
 * @param p50 time of a step in µs that half of them did not exceed
 * @param p99 the same of all but a hundredth
 */
record Sample(double flows, double steps, double walBytes, double cpuMicros, double p50, double p99) {

    /** The median of each figure. */
    static Sample median(List<Sample> samples) {
        return new Sample(
                median(samples, Sample::flows),
                median(samples, Sample::steps),
                median(samples, Sample::walBytes),
                median(samples, Sample::cpuMicros),
                median(samples, Sample::p50),
                median(samples, Sample::p99));
    }

    static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
