package dev.flowengine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TraceAnalysisTest {
    private static final int LONG = 100_000;

    @Test
    void the_longest_chain_is_found_by_time_not_by_number_of_tasks() {
        TraceAnalysis analysis = analysis(new SmallTrace()
                .task("a", 1)
                .task("b", 1, "a")
                .task("c", 1, "b")
                .task("d", 1, "c")
                .task("long", 7.5, "a")
                .task("e", 0.25, "d", "long"));

        assertThat(analysis.tasks()).isEqualTo(6);
        assertThat(analysis.criticalPathSeconds()).isCloseTo(8.75, within(1e-9));
        assertThat(analysis.workSeconds()).isCloseTo(11.75, within(1e-9));
        assertThat(analysis.widestLevel()).isEqualTo(2);
        assertThat(analysis.lowerBoundSeconds(1)).isCloseTo(11.75, within(1e-9));
        assertThat(analysis.lowerBoundSeconds(2)).isCloseTo(8.75, within(1e-9));
        assertThat(analysis.grahamBoundSeconds(2)).isCloseTo(5.875 + 8.75, within(1e-9));
    }

    @Test
    void a_suitable_speed_shortens_what_takes_long_and_nothing_else() {
        assertThat(analysis(new SmallTrace().task("a", 3_000).task("b", 704, "a"))
                        .suitableSpeed(8))
                .isEqualTo(741);
        assertThat(analysis(new SmallTrace().task("a", 5)).suitableSpeed(8)).isEqualTo(1);
        assertThat(analysis(new SmallTrace().task("a", 0)).suitableSpeed(1)).isEqualTo(1);
        TraceAnalysis manyTasks = new TraceAnalysis(10_000, 1, 10_000, 10_000);
        assertThat(manyTasks.suitableSpeed(1)).isEqualTo(100);
        assertThat(manyTasks.suitableSpeed(100)).isEqualTo(20);
    }

    @Test
    void a_very_long_chain_overflows_nothing() {
        TaskGraph chain = TaskGraph.of(chainOf(LONG));

        TraceAnalysis analysis = TraceAnalysis.of(chain);

        assertThat(analysis.criticalPathSeconds()).isEqualTo(LONG);
        assertThat(analysis.widestLevel()).isOne();
        assertThat(TraceWidth.upTo(chain, 1, 8)).isOne();
    }

    @Test
    void the_widest_level_can_be_narrower_than_the_trace() {
        WfTrace trace = new SmallTrace()
                .task("a", 1)
                .task("b", 1, "a")
                .task("c", 1, "a")
                .task("d", 1)
                .trace();
        TaskGraph graph = TaskGraph.of(trace);

        assertThat(TraceAnalysis.of(graph).widestLevel()).isEqualTo(2);
        assertThat(TraceWidth.upTo(graph, 2, 8)).isEqualTo(3);
        assertThat(TraceWidth.upTo(graph, 2, 2)).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_width_is_the_largest_set_of_tasks_that_do_not_wait_for_each_other(long seed) {
        Random random = new Random(seed);
        int tasks = 1 + random.nextInt(11);
        double density = random.nextDouble() * 0.6;
        int[] descendants = new int[tasks];
        SmallTrace trace = new SmallTrace();
        for (int task = tasks - 1; task >= 0; task--) {
            int from = task;
            int[] children = IntStream.range(task + 1, tasks)
                    .filter(child -> random.nextDouble() < density)
                    .toArray();
            for (int child : children) {
                descendants[from] |= 1 << child | descendants[child];
            }
        }
        for (int task = 0; task < tasks; task++) {
            int child = task;
            trace.task(
                    name(task),
                    1,
                    IntStream.range(0, task)
                            .filter(parent -> (descendants[parent] >> child & 1) != 0)
                            .filter(parent -> reduced(descendants, parent, child))
                            .mapToObj(TraceAnalysisTest::name)
                            .toArray(String[]::new));
        }

        int width = TraceWidth.upTo(TaskGraph.of(trace.trace()), 1, 99);

        assertThat(width).isEqualTo(widthByTrial(descendants));
    }

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    private static boolean reduced(int[] descendants, int parent, int child) {
        return IntStream.range(parent + 1, child)
                .noneMatch(between ->
                        (descendants[parent] >> between & 1) != 0 && (descendants[between] >> child & 1) != 0);
    }

    private static int widthByTrial(int[] descendants) {
        int widest = 0;
        for (int set = 1; set < 1 << descendants.length; set++) {
            int chosen = set;
            boolean independent = IntStream.range(0, descendants.length)
                    .allMatch(task -> (chosen >> task & 1) == 0 || (descendants[task] & chosen) == 0);
            widest = independent ? Math.max(widest, Integer.bitCount(set)) : widest;
        }
        return widest;
    }

    private static String name(int task) {
        return String.valueOf((char) ('a' + task));
    }

    private static WfTrace chainOf(int length) {
        return new WfTrace(
                Path.of("chain"),
                IntStream.range(0, length)
                        .mapToObj(task -> new WfTask("t" + task, task == 0 ? List.of() : List.of("t" + (task - 1)), 1))
                        .toList());
    }

    private static TraceAnalysis analysis(SmallTrace trace) {
        return TraceAnalysis.of(TaskGraph.of(trace.trace()));
    }
}
