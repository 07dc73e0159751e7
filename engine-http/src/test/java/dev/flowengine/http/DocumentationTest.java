package dev.flowengine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.extension.NodeTypes;
import dev.flowengine.json.FlowJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DocumentationTest {
    private static final Pattern FLOW = Pattern.compile("```json\\R(.*?)```", Pattern.DOTALL);

    @Test
    @DisplayName("The type is installed, and the flows its documentation shows can be read")
    void the_flows_it_shows_are_read() throws IOException {
        List<String> flows = FLOW.matcher(Files.readString(Path.of("..", "docs", "http.md")))
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(NodeTypes.installed().names()).contains("http");
        assertThat(flows).isNotEmpty().allSatisfy(flow -> FlowJson.read(flow, NodeTypes.installed()));
    }
}
