package dev.flowengine.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ReplayCommandTest {
    @TempDir
    Path directory;

    @Test
    void json_is_one_line_with_exactly_these_keys() {
        CommandRun run = CommandRun.of("replay", diamond().toString(), "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.outLines()).hasSize(1);
        assertThat(run.jsonKeys())
                .containsExactly(
                        "tasks",
                        "completed",
                        "failed",
                        "makespanMs",
                        "criticalPathMs",
                        "workMs",
                        "workers",
                        "utilisation",
                        "status");
    }

    @Test
    void the_figures_are_those_of_the_replay() {
        JsonNode json = CommandRun.of("replay", diamond().toString(), "--speed", "2", "--workers", "3", "--json")
                .json();

        assertThat(json.get("tasks").intValue()).isEqualTo(4);
        assertThat(json.get("completed").intValue()).isEqualTo(4);
        assertThat(json.get("failed").intValue()).isZero();
        assertThat(json.get("workers").intValue()).isEqualTo(3);
        assertThat(json.get("status").stringValue()).isEqualTo("COMPLETED");
        assertThat(json.get("criticalPathMs").doubleValue()).isEqualTo(45);
        assertThat(json.get("workMs").doubleValue()).isEqualTo(55);
        double makespan = json.get("makespanMs").doubleValue();
        assertThat(makespan).isGreaterThanOrEqualTo(45);
        // Two of the three workers can be used; tasks may take a little longer than they should.
        assertThat(json.get("utilisation").doubleValue()).isBetween(0.99 * 55 / (2 * makespan), 1.0);
    }

    @Test
    void one_worker_does_one_task_at_a_time() {
        JsonNode json = CommandRun.of("replay", diamond().toString(), "--workers", "1", "--json")
                .json();

        assertThat(json.get("makespanMs").doubleValue())
                .isGreaterThanOrEqualTo(json.get("workMs").doubleValue());
        assertThat(json.get("completed").intValue()).isEqualTo(4);
    }

    @Test
    void without_a_speed_a_short_trace_is_replayed_as_recorded() {
        JsonNode json = CommandRun.of("replay", diamond().toString(), "--json").json();

        assertThat(json.get("criticalPathMs").doubleValue()).isEqualTo(90);
        assertThat(json.get("workers").intValue()).isEqualTo(8);
    }

    @Test
    void tasks_that_took_no_time_pass() {
        Path trace = new SmallTrace()
                .task("start", 0)
                .task("b", 0, "start")
                .task("c", 0)
                .writeTo(directory);

        CommandRun run = CommandRun.of("replay", trace.toString(), "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.json().get("completed").intValue()).isEqualTo(3);
        assertThat(run.json().get("utilisation").doubleValue()).isBetween(0.0, 1.0);
    }

    @Test
    void text_names_every_figure() {
        CommandRun run = CommandRun.of("replay", diamond().toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.outLines())
                .extracting(line -> line.split(" {2,}", 2)[0])
                .containsExactly(
                        "status",
                        "tasks",
                        "completed",
                        "failed",
                        "workers",
                        "speed",
                        "makespan",
                        "critical path",
                        "total work",
                        "lower bound",
                        "Graham's bound",
                        "utilisation");
        assertThat(run.out()).doesNotContain("\r", "\u001B");
    }

    @Test
    void a_bar_grows_on_a_terminal_only() {
        CommandRun run = CommandRun.onTerminal("replay", diamond().toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("\r").contains("4/4").contains("status");
        assertThat(CommandRun.onTerminal("replay", diamond().toString(), "--json")
                        .outLines())
                .hasSize(1);
    }

    /** A critical path of 90 ms and work of 110 ms, two tasks wide. */
    private Path diamond() {
        return new SmallTrace()
                .task("a", 0.020)
                .task("b", 0.050, "a")
                .task("c", 0.020, "a")
                .task("d", 0.020, "b", "c")
                .writeTo(directory);
    }
}
