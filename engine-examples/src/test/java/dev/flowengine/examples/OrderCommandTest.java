package dev.flowengine.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class OrderCommandTest {

    @Test
    void a_big_order_is_reviewed() {
        CommandRun run = CommandRun.of("order", "--total", "1001", "--json");

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
        CommandRun run = CommandRun.of("order", "--total", "1000", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(path(run)).contains("auto-approve").doesNotContain("review");
        assertThat(node(run, "review").get("status").stringValue()).isEqualTo("SKIPPED");
        assertThat(run.json().at("/receipt/approvedBy").stringValue()).startsWith("nobody");
    }

    @Test
    void the_other_trigger_leads_to_the_same_nodes_and_the_first_is_out_of_scope() {
        CommandRun run = CommandRun.of("order", "--trigger", "order-resent", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(path(run)).startsWith("order-resent", "order").endsWith("receipt", "mail");
        assertThat(run.json().get("nodes").values())
                .extracting(node -> node.get("id").stringValue())
                .doesNotContain("order-placed");
    }

    @Test
    void json_is_one_line_with_exactly_these_keys() {
        CommandRun run = CommandRun.of("order", "--json");

        assertThat(run.outLines()).hasSize(1);
        assertThat(run.jsonKeys())
                .containsExactly("status", "executionId", "makespanMs", "executionPath", "nodes", "receipt", "mermaid");
        assertThat(run.json().get("status").stringValue()).isEqualTo("COMPLETED");
        assertThat(run.json().get("makespanMs").doubleValue()).isPositive();
    }

    @Test
    void text_tells_each_node_as_it_happens_and_then_the_summary_and_the_diagram() {
        CommandRun run = CommandRun.of("order", "--total", "5000");

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
                .anyMatch(line -> line.matches("NODE +STATUS +STARTED +TOOK +WHY"))
                .anyMatch(line -> line.matches("review +COMPLETED .*"))
                .anyMatch(line -> line.startsWith("flowchart"));
        assertThat(run.out()).doesNotContain("\u001B");
    }

    @Test
    void there_are_colours_on_a_terminal() {
        assertThat(CommandRun.onTerminal("order").out()).contains("\u001B[32mcompleted");
    }

    @Test
    void an_order_that_does_not_complete_is_exit_code_1() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true), false);
        OrderCommand command = new OrderCommand(console, receipt -> {
            throw new IllegalStateException("no postman\ntoday");
        });

        int exitCode = new CommandLine(command).execute("--json");

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("mail");
        assertThat(out.toString()).contains("\"status\":\"FAILED\"").doesNotContain("\"receipt\":");
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
