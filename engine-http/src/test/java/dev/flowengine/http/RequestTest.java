package dev.flowengine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.extension.DataReader;
import dev.flowengine.model.ExecutionStatus;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent. */
class RequestTest {
    private static final Map<String, Object> WRONG = Map.ofEntries(
            Map.entry("url", "https://user:secret@example.com/"),
            Map.entry("method", "TRACE"),
            Map.entry("query", Map.of("q", List.of(Map.of()))),
            Map.entry(
                    "headers",
                    Map.of(
                            "Host", "a",
                            "content-Length", "1",
                            "Transfer-Encoding", "chunked",
                            "Proxy-Authorization", "secret",
                            "X Y", "a",
                            "X-Line", "secret\r\nX: 1")),
            Map.entry("body", 1),
            Map.entry("bodyField", "nowhere"),
            Map.entry("bodyForm", "XML"),
            Map.entry("failOn", List.of(404, "6xx", 99)),
            Map.entry("response", "HTML"),
            Map.entry("timeLimit", "PT2M"),
            Map.entry("sizeLimit", 1 << 30),
            Map.entry("redirects", 6),
            Map.entry("other", 1));

    private final HttpNode type = HttpFlow.onLoopback().build();
    private Server server;

    @BeforeEach
    void start() throws IOException {
        server = new Server().at("/", 200, "application/json", "{}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    @DisplayName("Parts of the input become parts of path, query, headers and body, and end none of them")
    void parts_of_the_input_are_sent() throws InterruptedException {
        HttpFlow.output(HttpFlow.run(
                type,
                Map.of(
                        "url", server.url("/orders/{/order/id}/notes?x=1"),
                        "method", "POST",
                        "query", Map.of("q", Map.of("field", "/text")),
                        "headers", Map.of("X-User", Map.of("field", "/user"), "X-None", Map.of("field", "/none")),
                        "bodyField", "/order"),
                Map.of("order", Map.of("id", "a/b?c#ü"), "text", List.of("a&b=c", 7), "user", "ada")));

        Server.Asked asked = server.onlyAsked();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.target()).isEqualTo("/orders/a%2Fb%3Fc%23%C3%BC/notes?x=1&q=a%26b%3Dc&q=7");
        assertThat(asked.header("X-user")).isEqualTo("ada");
        assertThat(asked.headers()).doesNotContainKey("X-none");
        assertThat(asked.header("Content-type")).isEqualTo("application/json");
        assertThat(asked.body()).isEqualTo("{\"id\":\"a/b?c#ü\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "../admin", "a/../../admin", "a\\..\\b", "..;x", ""})
    @DisplayName("A part of the input that would lead to another path is refused, and nothing is sent")
    void a_part_of_the_input_leads_nowhere_else(String id) throws InterruptedException {
        ExecutionResult result = HttpFlow.run(type, Map.of("url", server.url("/orders/{/id}")), Map.of("id", id));

        assertThat(result.failure())
                .hasValueSatisfying(failure -> assertThat(failure.toString())
                        .contains("'/id' should be a text or number that can be a part of the URL"));
        assertThat(server.asked()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("The body is written in the form that is asked for, with its content type")
    @CsvSource(delimiter = '|', textBlock = """
            JSON   | {"a":[1,null]}  | application/json
            TEXT   | hello           | text/plain; charset=utf-8
            FORM   | a=1&b=x%20y&b=z | application/x-www-form-urlencoded
            BASE64 | hello           | application/octet-stream
            """)
    void the_body_is_written(String form, String sent, String contentType) throws InterruptedException {
        Object body = switch (form) {
            case "JSON" -> Map.of("a", Arrays.asList(1, null));
            case "TEXT" -> "hello";
            case "FORM" -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("a", 1);
                fields.put("b", List.of("x y", "z"));
                fields.put("none", null);
                yield fields;
            }
            default -> "aGVsbG8=";
        };

        HttpFlow.output(HttpFlow.run(
                type, Map.of("url", server.url("/"), "method", "PUT", "body", body, "bodyForm", form), null));

        assertThat(server.onlyAsked().body()).isEqualTo(sent);
        assertThat(server.onlyAsked().header("Content-type")).isEqualTo(contentType);
    }

    @Test
    @DisplayName("A header given with the flow replaces the content type of the form")
    void a_content_type_of_the_flow_counts() throws InterruptedException {
        HttpFlow.output(HttpFlow.run(
                type,
                Map.of(
                        "url", server.url("/"),
                        "method", "PATCH",
                        "headers", Map.of("content-type", "application/merge-patch+json"),
                        "body", Map.of("a", 1)),
                null));

        assertThat(server.onlyAsked().header("Content-type")).isEqualTo("application/merge-patch+json");
    }

    @Test
    @DisplayName("The idempotency key is sent on request, the same for every attempt")
    void the_idempotency_key_is_sent() throws InterruptedException {
        server.at("/busy", 503, "", "");
        ExecutionResult result = HttpFlow.run(
                HttpFlow.flow(
                        type,
                        "\"parameters\": {\"method\": \"POST\", \"idempotencyKey\": true, \"url\": \""
                                + server.url("/busy") + "\"}, \"retry\": {\"maxAttempts\": 2}"),
                null);

        assertThat(server.asked()).hasSize(2);
        assertThat(server.asked())
                .extracting(asked -> asked.header("Idempotency-key"))
                .containsOnly(result.executionId() + "/call");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "a\u0000", "ü", "\u007f"})
    @DisplayName("No header of the input can add another one")
    void headers_cannot_be_injected(String value) throws InterruptedException {
        ExecutionResult result = HttpFlow.run(
                type, Map.of("url", server.url("/"), "headers", Map.of("X-User", Map.of("field", ""))), value);

        assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(result.failure())
                .hasValueSatisfying(failure -> assertThat(failure.toString())
                        .contains("the header 'X-User' should be a text of visible characters"));
        assertThat(server.asked()).isEmpty();
    }

    @Test
    @DisplayName("Everything wrong with the parameters is told together, without values that may be secret")
    void wrong_parameters_are_told_together() {
        DataReader parameters = DataReader.of(WRONG);

        type.define("call", parameters);

        assertThat(parameters.problems())
                .extracting(problem -> problem.pointer())
                .containsExactlyInAnyOrder(
                        "/url",
                        "/method",
                        "/query/q",
                        "/headers/Host",
                        "/headers/content-Length",
                        "/headers/Transfer-Encoding",
                        "/headers/Proxy-Authorization",
                        "/headers/X Y",
                        "/headers/X-Line",
                        "/bodyField",
                        "/bodyField",
                        "/body",
                        "/bodyForm",
                        "/failOn/1",
                        "/failOn/2",
                        "/response",
                        "/timeLimit",
                        "/sizeLimit",
                        "/redirects",
                        "/other");
        assertThat(parameters.problems().toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://{/host}/x",
                "https://example.com{/path}",
                "{/url}",
                "example.com/x",
                "ftp://example.com",
                "https:///x",
                "https://example.com/{x}",
                "https://example.com/ x",
                "https://example.com/{/~2}"
            })
    @DisplayName("A URL that could lead to a host of the input's choice is refused when the flow is read")
    void the_host_cannot_come_from_a_part_of_the_input(String url) {
        DataReader parameters = DataReader.of(Map.of("url", url));

        type.define("call", parameters);

        assertThat(parameters.problems()).hasSize(1);
    }
}
