package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the documentation shows is what the program does. */
class DocumentationTest {
    private static final Path PAGE = Path.of("..", "docs", "json.md");
    private static final Pattern BLOCK = Pattern.compile("```\\w*\\R(.*?)```", Pattern.DOTALL);

    private static List<String> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.startsWith("{") || block.startsWith("flow '"))
                .toList();
    }

    /** A flow the page shows, by its id. */
    static Flow flow(String id) throws IOException {
        String document = blocks().stream()
                .filter(block -> block.contains("\"id\": \"" + id + "\","))
                .findFirst()
                .orElseThrow();
        return Documents.read(document);
    }

    @Test
    void the_flow_it_shows_is_read_and_its_faults_are_told_as_it_shows() throws IOException {
        List<String> blocks = blocks();
        assertThat(blocks).hasSize(9);

        Documents.read(blocks.get(0));
        FlowJsonException wrong = catchThrowableOfType(FlowJsonException.class, () -> Documents.read(blocks.get(1)));

        assertThat(wrong.getMessage().lines().collect(Collectors.joining("\n")))
                .isEqualTo(blocks.get(2).strip());
    }

    @Test
    @DisplayName("S31 S32 the loop it shows reminds of every open invoice")
    void the_loop_it_shows_runs() throws IOException {
        Flow flow = flow("reminders");

        ExecutionResult result = Documents.run(
                flow, "month", Map.of("invoices", List.of(Map.of("due", 5), Map.of("due", 0), Map.of("due", 7))));

        assertThat(result.output("report", Object.class))
                .isEqualTo(List.of(
                        Map.of("due", 5, "state", "reminded"), Map.of("due", 7, "state", "reminded"), "end of report"));
    }

    @Test
    @DisplayName("S33 the map it shows reminds of every invoice, and sums up")
    void the_map_it_shows_runs() throws IOException {
        Flow flow = flow("dunning");

        ExecutionResult result =
                Documents.run(flow, "month", Map.of("invoices", List.of(Map.of("due", 5), Map.of("due", 7))));

        assertThat(result.output("report", Object.class))
                .isEqualTo(Map.of("items", 2, "failed", 0, "failures", List.of(), "title", "dunning"));
    }
}
