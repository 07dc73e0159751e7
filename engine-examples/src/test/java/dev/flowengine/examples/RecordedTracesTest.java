package dev.flowengine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.model.ExecutionStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;
import tools.jackson.databind.JsonNode;

/**
 * Real workflows, recorded on clusters, from the WfInstances collection. They are no part of the repository: they are
 * looked for beside it, or where the system property {@code flowengine.data} says.
 */
class RecordedTracesTest {
    private static final int WORKERS = 8;
    private static final double BOUND_SECONDS = 1.5;
    private static final double BOUND_SECONDS_PER_TASK = 0.002;
    private static final double HURRIED_SECONDS = 0.1;
    private static final double TOLERANCE = 1.05;
    private static final int REPLAYS_MORE = 5;

    @TestFactory
    Stream<DynamicTest> completes_within_grahams_bound() {
        return forEachTrace(RecordedTracesTest::replayWithinBound);
    }

    @TestFactory
    Stream<DynamicTest> every_task_starts_after_all_its_parents_have_ended() {
        return forEachTrace(RecordedTracesTest::replayInOrder);
    }

    private static void replayWithinBound(Path file) {
        TraceAnalysis analysis = TraceAnalysis.of(TaskGraph.of(WfTraceReader.read(file)));
        // Timers and threads add something to each task, more on a busy machine: more tasks get more time.
        double bound = BOUND_SECONDS + BOUND_SECONDS_PER_TASK * analysis.tasks();
        double speed = analysis.grahamBoundSeconds(WORKERS) / bound;
        JsonNode json = replay(file, speed);
        for (int more = 0; more < REPLAYS_MORE && makespanMs(json) > TOLERANCE * grahamBoundMs(json); more++) {
            // The bound is the engine's promise, but the machine may have been busy with something else: once more.
            json = replay(file, speed);
        }
        assertThat(makespanMs(json))
                .as("makespan against the lower bound: no more than %s tasks ran at once", WORKERS)
                .isGreaterThanOrEqualTo(analysis.lowerBoundSeconds(WORKERS) / speed * 1_000 - 1);
        assertThat(makespanMs(json))
                .as("makespan against Graham's bound and 5 %%")
                .isLessThanOrEqualTo(TOLERANCE * grahamBoundMs(json));
        assertThat(json.get("utilisation").doubleValue()).isBetween(0.1, 1.0);
    }

    private static JsonNode replay(Path file, double speed) {
        int tasks = WfTraceReader.read(file).tasks().size();
        CommandRun run =
                CommandRun.of("replay", file.toString(), "--speed", "" + speed, "--workers", "" + WORKERS, "--json");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        JsonNode json = run.json();
        assertThat(json.get("status").stringValue()).isEqualTo("COMPLETED");
        assertThat(json.get("tasks").intValue()).isEqualTo(tasks);
        assertThat(json.get("completed").intValue()).isEqualTo(tasks);
        assertThat(json.get("failed").intValue()).isZero();
        return json;
    }

    private static double makespanMs(JsonNode json) {
        return json.get("makespanMs").doubleValue();
    }

    private static double grahamBoundMs(JsonNode json) {
        return json.get("workMs").doubleValue() / WORKERS
                + json.get("criticalPathMs").doubleValue();
    }

    private static void replayInOrder(Path file) throws InterruptedException {
        WfTrace trace = WfTraceReader.read(file);
        TraceReplay replay = TraceReplay.of(trace);
        double speed = replay.analysis().grahamBoundSeconds(WORKERS) / HURRIED_SECONDS;

        ReplayOutcome outcome = replay.run(speed, WORKERS, List.of());

        assertThat(outcome.result().status()).isEqualTo(ExecutionStatus.COMPLETED);
        ExecutionSnapshot snapshot = outcome.result().snapshot();
        for (WfTask task : trace.tasks()) {
            for (String parent : task.parents()) {
                assertThat(startOf(snapshot, task.id()))
                        .as("%s starts after %s", task.id(), parent)
                        .isAfterOrEqualTo(endOf(snapshot, parent));
            }
        }
    }

    private static Instant startOf(ExecutionSnapshot snapshot, String task) {
        return snapshot.node(task).orElseThrow().startedAt().orElseThrow();
    }

    private static Instant endOf(ExecutionSnapshot snapshot, String task) {
        return snapshot.node(task).orElseThrow().endedAt().orElseThrow();
    }

    /** A test for each trace; without traces one test that says so and is counted as skipped. */
    private static Stream<DynamicTest> forEachTrace(ThrowingConsumer<Path> check) {
        Path folder = Path.of(System.getProperty("flowengine.data", "../../shared/data/wfinstances"))
                .toAbsolutePath()
                .normalize();
        if (!Files.isDirectory(folder)) {
            String advice = "no recorded traces in " + folder + ": set -Dflowengine.data to a folder of them";
            return Stream.of(dynamicTest("no traces", () -> assumeTrue(false, advice)));
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> traces = files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
            assertThat(traces).as("traces in %s", folder).isNotEmpty();
            return traces.stream().map(file -> dynamicTest("" + file.getFileName(), () -> check.accept(file)));
        } catch (IOException e) {
            throw new AssertionError("cannot list " + folder, e);
        }
    }
}
