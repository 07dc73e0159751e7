package dev.flowengine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.json.JsonData;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a response. */
class ResponseTest {
    private final HttpNode type = HttpFlow.onLoopback().responseLimit(1_000).build();
    private Server server;

    @BeforeEach
    void start() throws IOException {
        server = new Server();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    @DisplayName("A response is a value of status, headers and body, JSON read as plain data")
    void a_response_is_a_value() throws InterruptedException {
        server.at("/", exchange -> {
            exchange.getResponseHeaders().put("X-Many", List.of("a", "b"));
            exchange.getResponseHeaders().put("Set-Cookie", List.of("a=1, 2", "b=2"));
            Server.answer(
                    exchange,
                    201,
                    "application/vnd.x+json; q=1",
                    "{\"a\": [1, 2.50, null]}".getBytes(StandardCharsets.UTF_8));
        });

        Map<?, ?> output = HttpFlow.output(HttpFlow.run(type, Map.of("url", server.url("/")), null));

        assertThat(output.keySet()).map(String::valueOf).containsExactly("status", "headers", "body");
        assertThat(output.get("status")).isEqualTo(201);
        assertThat(output.get("body")).isEqualTo(Map.of("a", Arrays.asList(1, new BigDecimal("2.50"), null)));
        @SuppressWarnings("unchecked")
        Map<String, Object> headers = (Map<String, Object>) output.get("headers");
        assertThat(headers).contains(entry("x-many", "a, b"), entry("set-cookie", List.of("a=1, 2", "b=2")));
    }

    @ParameterizedTest
    @DisplayName("The content type, or the flow, says what the body becomes")
    @CsvSource(delimiter = '|', textBlock = """
            text/html                     | AUTO   | {"a":1} | {"a":1}
            application/xml               | AUTO   | <a/>    | <a/>
            application/json              | AUTO   | "x"     | x
            application/octet-stream      | AUTO   | ab      | YWI=
            ''                            | AUTO   | ab      | YWI=
            x/y; charset=utf-8            | AUTO   | ab      | ab
            text/plain; charset=nonsense  | AUTO   | ab      | ab
            text/html                     | JSON   | "x"     | x
            application/json              | TEXT   | "x"     | "x"
            application/json              | BASE64 | ab      | YWI=
            application/json              | NONE   | "x"     |
            application/json              | AUTO   | ''      |
            """)
    void the_body_becomes_a_value(String contentType, String form, String body, String value)
            throws InterruptedException {
        server.at("/", 200, contentType, body);

        Map<?, ?> output = HttpFlow.output(HttpFlow.run(type, Map.of("url", server.url("/"), "response", form), null));

        assertThat(output.get("body")).isEqualTo(value);
    }

    @Test
    @DisplayName("What is no JSON fails the node, once")
    void what_is_no_json_fails() throws InterruptedException {
        server.at("/", 200, "application/json", "{\"a\": ");

        assertThat(failure(Map.of("url", server.url("/"))).message()).contains(" was answered with what is no JSON: ");
        assertThat(server.asked()).hasSize(1);
    }

    @ParameterizedTest
    @DisplayName("A status that may pass is worth another attempt, any other one is not")
    @CsvSource({
        "400,1", "401,1", "404,1", "408,3", "409,1", "425,3", "429,3", "500,3", "501,1", "502,3", "503,3", "504,3"
    })
    void statuses_fail_and_are_repeated(int status, int requests) throws InterruptedException {
        server.at("/", status, "text/plain", "no such\r\nthing");

        FlowError failure = failure(Map.of("url", server.url("/x?key=secret")));

        assertThat(failure.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
        assertThat(failure.type()).isEqualTo(HttpStatusException.class.getName());
        assertThat(failure.message())
                .isEqualTo("GET " + server.url("/x") + "?… was answered with status " + status + ": no such thing");
        assertThat(server.asked()).hasSize(requests);
    }

    @Test
    @DisplayName("The flow says which statuses fail and which are worth another attempt")
    void the_flow_says_which_statuses_fail() throws InterruptedException {
        AtomicInteger status = new AtomicInteger(418);
        server.at("/", exchange -> exchange.sendResponseHeaders(status.get(), -1));

        failure(Map.of("url", server.url("/"), "retryOn", List.of(418)));
        assertThat(server.asked()).hasSize(3);

        assertThat(HttpFlow.output(HttpFlow.run(type, Map.of("url", server.url("/"), "failOn", List.of("5xx")), null))
                        .get("status"))
                .isEqualTo(418);

        status.set(204);
        assertThat(failure(Map.of("url", server.url("/"), "failOn", List.of(204)))
                        .message())
                .endsWith("was answered with status 204");
    }

    @Test
    @DisplayName("A response that is too large fails with HttpLimitException and is not read to its end")
    void a_response_that_is_too_large_fails() throws InterruptedException {
        server.at("/exact", 200, "text/plain", "x".repeat(1_000)).at("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(new byte[1_000]);
            }
        });

        assertThat(HttpFlow.output(HttpFlow.run(type, Map.of("url", server.url("/exact")), null))
                        .get("body"))
                .isEqualTo("x".repeat(1_000));

        FlowError failure = failure(Map.of("url", server.url("/endless")));
        assertThat(failure.type()).isEqualTo(HttpLimitException.class.getName());
        assertThat(failure.message()).endsWith("/endless was answered with more than 1000 bytes");
        assertThat(failure.suggestedResolution()).contains("sizeLimit");
        assertThat(server.asked()).hasSize(2);

        assertThat(failure(Map.of("url", server.url("/exact"), "sizeLimit", 999))
                        .type())
                .isEqualTo(HttpLimitException.class.getName());
    }

    private FlowError failure(Map<String, ?> parameters) throws InterruptedException {
        ExecutionResult result = HttpFlow.run(
                HttpFlow.flow(type, "\"retry\": {\"maxAttempts\": 3}, \"parameters\": " + JsonData.write(parameters)),
                null);
        assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
        return result.snapshot().node("call").orElseThrow().failure().orElseThrow();
    }
}
