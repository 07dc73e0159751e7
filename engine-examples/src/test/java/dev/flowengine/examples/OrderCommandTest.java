package dev.flowengine.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class OrderCommandTest {

    @Test
    void a_big_order_is_reviewed() {
        CommandRun run = order("--total", "1001", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(path(run))
                .startsWith("order-placed", "order")
                .contains("review")
                .endsWith("receipt", "mail");
        assertThat(path(run)).doesNotContain("auto-approve", "order-resent");
        assertThat(node(run, "auto-approve").get("status").stringValue()).isEqualTo("SKIPPED");
        assertThat(node(run, "auto-approve").get("skipReason").stringValue()).isEqualTo("BRANCH_NOT_TAKEN");
        assertThat(run.json().at("/receipt/approvedBy").stringValue()).isEqualTo("the review desk");
    }

    @Test
    void a_small_order_is_approved_by_itself() {
        CommandRun run = order("--total", "1000", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(path(run)).contains("auto-approve").doesNotContain("review");
        assertThat(node(run, "review").get("status").stringValue()).isEqualTo("SKIPPED");
        assertThat(run.json().at("/receipt/approvedBy").stringValue()).startsWith("nobody");
    }

    @Test
    void the_other_trigger_leads_to_the_same_nodes_and_the_first_is_out_of_scope() {
        CommandRun run = order("--trigger", "order-resent", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(path(run)).startsWith("order-resent", "order").endsWith("receipt", "mail");
        assertThat(run.json().get("nodes").values())
                .extracting(node -> node.get("id").stringValue())
                .doesNotContain("order-placed");
    }

    @Test
    void the_warehouse_is_tried_again_while_it_is_out_of_reach() {
        CommandRun run = order("--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.json().get("repeatedAttempts").intValue()).isEqualTo(2);
        assertThat(run.json().get("handledFailures").intValue()).isZero();
        assertThat(node(run, "reserve-stock").get("attempts").intValue()).isEqualTo(3);
        assertThat(node(run, "reserve-stock").has("handledFailure")).isFalse();
        assertThat(node(run, "quote").get("attempts").intValue()).isEqualTo(1);
        assertThat(path(run)).containsOnlyOnce("reserve-stock");
    }

    @Test
    void each_failed_attempt_is_a_line_and_the_table_shows_their_number() {
        CommandRun run = order("--warehouse-failures", "1");

        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines())
                .anyMatch(
                        line -> line.matches(
                                ".* ms  reserve-stock +attempt 1 failed and will be repeated: .*ConnectException: .* out of reach"))
                .noneMatch(line -> line.contains("attempt 2 failed"))
                .anyMatch(line -> line.matches("repeated attempts +1"))
                .anyMatch(line -> line.matches("reserve-stock +COMPLETED +2 +- .*"));
    }

    @Test
    void a_warehouse_that_stays_out_of_reach_fails_the_order() {
        CommandRun run = order("--warehouse-failures", "4", "--json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errLines()).singleElement().asString().contains("'reserve-stock' failed at attempt 4");
        assertThat(run.json().get("status").stringValue()).isEqualTo("FAILED");
        assertThat(node(run, "reserve-stock").get("attempts").intValue()).isEqualTo(4);
        assertThat(node(run, "receipt").get("skipReason").stringValue()).isEqualTo("UPSTREAM_FAILED");
    }

    @Test
    void a_review_that_fails_goes_on_at_its_error_output() {
        CommandRun run = order("--review-desk", "refuses", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.json().get("handledFailures").intValue()).isEqualTo(1);
        assertThat(node(run, "review").get("status").stringValue()).isEqualTo("COMPLETED");
        assertThat(node(run, "review").get("handledFailure").stringValue()).contains("the review desk is closed");
        assertThat(path(run)).containsSubsequence("review", "escalate", "approved");
        assertThat(run.json().at("/receipt/approvedBy").stringValue()).isEqualTo("the head of sales");
    }

    @Test
    void a_review_that_never_comes_times_out_and_is_handled() {
        CommandRun run = CommandRun.of("order", "--review-desk", "silent", "--review-timeout", "20ms");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.outLines())
                .anyMatch(line -> line.matches(
                        ".* ms  review +completed, its failure handled: .*TimeoutException: .*'review' took longer.*"))
                .anyMatch(line -> line.matches("handled failures +1"))
                .anyMatch(line -> line.matches("review +COMPLETED +1 +TimeoutException .*"))
                .anyMatch(line -> line.matches("receipt +Receipt.*the head of sales.*"));
    }

    @Test
    void json_is_one_line_with_exactly_these_keys() {
        CommandRun run = order("--json");

        assertThat(run.outLines()).hasSize(1);
        assertThat(run.jsonKeys())
                .containsExactly(
                        "status",
                        "executionId",
                        "makespanMs",
                        "executionPath",
                        "repeatedAttempts",
                        "handledFailures",
                        "nodes",
                        "receipt",
                        "mermaid");
        assertThat(run.json().get("status").stringValue()).isEqualTo("COMPLETED");
        assertThat(run.json().get("makespanMs").doubleValue()).isPositive();
    }

    @Test
    void text_tells_each_node_as_it_happens_and_then_the_summary_and_the_diagram() {
        CommandRun run = order("--total", "5000");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        List<String> lines = run.outLines();
        int summary = lines.indexOf("");
        assertThat(lines.subList(0, summary))
                .anyMatch(line -> line.matches(".* ms  quote +completed"))
                .anyMatch(line -> line.matches(".* ms  auto-approve +skipped: BRANCH_NOT_TAKEN"))
                .anyMatch(line -> line.matches(".* ms  mail +completed"));
        assertThat(lines.subList(summary, lines.size()))
                .anyMatch(line -> line.matches("status +COMPLETED after .*"))
                .anyMatch(line -> line.matches("path +order-placed > order > .* > receipt > mail"))
                .anyMatch(line -> line.matches("NODE +STATUS +ATTEMPTS +HANDLED +STARTED +TOOK +WHY"))
                .anyMatch(line -> line.matches("review +COMPLETED .*"))
                .anyMatch(line -> line.startsWith("flowchart"));
        assertThat(run.out()).doesNotContain("\u001B");
    }

    @Test
    void there_are_colours_on_a_terminal() {
        assertThat(CommandRun.onTerminal("order").out()).contains("\u001B[32mcompleted");
    }

    @Test
    void a_bar_shows_the_progress_below_the_lines_on_a_terminal_only() {
        CommandRun watched = CommandRun.onTerminal("order");

        assertThat(watched.out()).containsPattern("\r\u001B\\[K\u001B\\[32m#+\u001B\\[0m\\.+ \\d+/\\d+\r");
        assertThat(CommandRun.of("order").out()).doesNotContain("\r");
        assertThat(CommandRun.onTerminal("order", "--json").outLines()).hasSize(1);
    }

    @Test
    void an_order_that_does_not_complete_is_exit_code_1() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console =
                new Console(Reader.nullReader(), new PrintWriter(out, true), new PrintWriter(err, true), false);
        OrderCommand command = new OrderCommand(console, receipt -> {
            throw new IllegalStateException("no postman\ntoday");
        });

        int exitCode = new CommandLine(command).execute("--json");

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("mail");
        assertThat(out.toString()).contains("\"status\":\"FAILED\"").doesNotContain("\"receipt\":");
    }

    /** With so much time for the review that no stall of the machine is taken for a silent desk. */
    private static CommandRun order(String... options) {
        return CommandRun.of(Stream.concat(Stream.of("order", "--review-timeout", "10m"), Stream.of(options))
                .toArray(String[]::new));
    }

    private static List<String> path(CommandRun run) {
        return run.json().get("executionPath").values().stream()
                .map(JsonNode::stringValue)
                .toList();
    }

    private static JsonNode node(CommandRun run, String id) {
        return run.json().get("nodes").values().stream()
                .filter(node -> node.get("id").stringValue().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
