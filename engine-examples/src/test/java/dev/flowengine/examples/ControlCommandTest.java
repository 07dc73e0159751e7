package dev.flowengine.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Nothing here depends on how long anything takes: requests come with the work of a node, keys with what is shown. */
@Timeout(120)
class ControlCommandTest {
    private static final String STARTED = "left-1        started";

    private final Screen screen = new Screen();
    private final Screen err = new Screen();
    private final Typist typist = new Typist(screen);

    @Test
    void left_alone_it_just_runs() {
        CommandRun run = control("--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.outLines()).hasSize(1);
        assertThat(run.jsonKeys())
                .containsExactly("status", "executionId", "makespanMs", "completed", "cancelled", "statuses", "nodes");
        assertThat(statuses(run)).containsExactly("RUNNING", "COMPLETED");
        assertThat(run.json().get("completed").intValue()).isEqualTo(6);
        assertThat(run.json().get("cancelled").intValue()).isZero();
    }

    @Test
    void it_pauses_and_resumes_as_planned() {
        CommandRun run = control("--pause-after", "left-1", "--resume-after", "0ms", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(statuses(run)).containsExactly("RUNNING", "PAUSING", "PAUSED", "RUNNING", "COMPLETED");
        assertThat(run.json().get("completed").intValue()).isEqualTo(6);
    }

    @Test
    void it_is_cancelled_as_planned_and_what_is_done_counts() {
        CommandRun run = control("--cancel-after", "right-1", "--json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errLines()).singleElement().asString().contains("--cancel-after right-1");
        assertThat(run.json().get("status").stringValue()).isEqualTo("CANCELLED");
        assertThat(statuses(run)).containsExactly("RUNNING", "CANCELLING", "CANCELLED");
        assertThat(status(run, "right-1")).isEqualTo("COMPLETED");
        assertThat(status(run, "right-2")).isEqualTo("CANCELLED");
        assertThat(status(run, "total")).isEqualTo("CANCELLED");
        JsonNode json = run.json();
        assertThat(json.get("completed").intValue() + json.get("cancelled").intValue())
                .isEqualTo(6);
    }

    @Test
    void a_cancel_beats_a_pause() {
        CommandRun run = control("--pause-after", "left-2", "--cancel-after", "left-2", "--json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(statuses(run)).containsExactly("RUNNING", "PAUSING", "CANCELLING", "CANCELLED");
    }

    @Test
    void a_pause_without_anybody_to_end_it_ends_with_the_input() {
        CommandRun run = control("--pause-after", "left-1", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(statuses(run)).contains("PAUSING").endsWith("RUNNING", "COMPLETED");
    }

    @Test
    void keys_pause_and_resume() {
        typist.once(STARTED, "p").once("== PAUSED", "R");

        int exitCode = control(untilSeen("== PAUSING"));

        assertThat(exitCode).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(screen.toString().lines())
                .startsWith(Keyboard.HELP)
                .anyMatch(line -> line.startsWith("asked to pause"))
                .anyMatch(line -> line.startsWith("asked to resume"))
                .anyMatch(line -> line.matches(".* ms  == PAUSING  .*"))
                .anyMatch(line -> line.matches(".* ms  == COMPLETED  .*"))
                .anyMatch(line -> line.matches("status +COMPLETED after .*"))
                .anyMatch(line -> line.matches("went through +RUNNING > PAUSING > PAUSED > RUNNING > COMPLETED"))
                .anyMatch(line -> line.matches("completed +6 of 6 nodes"))
                .anyMatch(line -> line.matches("counted +4 items"));
    }

    @Test
    void a_key_cancels() {
        typist.once(STARTED, "c");

        int exitCode = control(untilSeen("== CANCELLING"));

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("cancelled at the keyboard");
        assertThat(screen.toString().lines())
                .anyMatch(line -> line.matches("went through +RUNNING > CANCELLING > CANCELLED"))
                .anyMatch(line -> line.matches("total +CANCELLED .*"))
                .anyMatch(line -> line.matches("counted +not everything"));
    }

    @Test
    void a_key_quits_without_waiting_for_what_runs() {
        CountDownLatch never = new CountDownLatch(1);
        typist.once(STARTED, "q");

        int exitCode = control(context -> {
            never.await();
            return 1;
        });

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).contains("quit at the keyboard");
        assertThat(screen.toString().lines())
                .anyMatch(line -> line.matches("went through +RUNNING > CANCELLING > CANCELLED"))
                .anyMatch(line -> line.matches("left-1 +CANCELLED .*"));
    }

    @Test
    void other_lines_are_answered_with_the_keys() {
        typist.once(STARTED, "pause").once("'pause' is no command", "").stayUntil("total         started");

        int exitCode = control(untilSeen("'pause' is no command: " + Keyboard.HELP));

        assertThat(exitCode).isZero();
        assertThat(screen.toString()).contains("went through  RUNNING > COMPLETED");
    }

    private static CommandRun control(String... options) {
        return CommandRun.of(
                Stream.concat(Stream.of("control", "--shelves", "2", "--shelf-time", "1ms"), Stream.of(options))
                        .toArray(String[]::new));
    }

    /** With somebody at the keyboard. */
    private int control(Clerk clerk) {
        Console console = new Console(typist, new PrintWriter(screen, true), new PrintWriter(err, true), false);
        return new CommandLine(new ControlCommand(console, time -> clerk)).execute("--shelves", "2");
    }

    /** Finds one item on each shelf, and has counted left-1 only when a text has appeared. */
    private Clerk untilSeen(String text) {
        return context -> {
            if (context.nodeId().equals("left-1")) {
                screen.await(text);
            }
            return 1;
        };
    }

    private static List<String> statuses(CommandRun run) {
        return run.json().get("statuses").values().stream()
                .map(JsonNode::stringValue)
                .toList();
    }

    private static String status(CommandRun run, String id) {
        return run.json().get("nodes").values().stream()
                .filter(node -> node.get("id").stringValue().equals(id))
                .map(node -> node.get("status").stringValue())
                .findFirst()
                .orElseThrow();
    }
}
