package dev.flowengine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that take too long, or are not wanted any more. */
@Timeout(120)
class LimitsTest {

    /** A server that says so much and then nothing, and sees its client go. */
    private static final class Silent implements AutoCloseable {
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch left = new CountDownLatch(1);
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

        Silent(String begins) throws IOException {
            new Thread(() -> serve(begins.getBytes(StandardCharsets.US_ASCII)), "silent-server").start();
        }

        private void serve(byte[] begins) {
            try (Socket client = socket.accept()) {
                client.getInputStream().read();
                client.getOutputStream().write(begins);
                client.getOutputStream().flush();
                asked.countDown();
                while (client.getInputStream().read() >= 0) {
                    // The rest of the request; then the end of the connection.
                }
                left.countDown();
            } catch (IOException reset) {
                left.countDown();
            }
        }

        String url() {
            return "http://127.0.0.1:" + socket.getLocalPort() + "/";
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Begins requests that nobody ever answers. */
    private static final class Endless implements HttpSender {
        private final Queue<CompletableFuture<HttpResponse<byte[]>>> begun = new ConcurrentLinkedQueue<>();

        @Override
        public CompletableFuture<HttpResponse<byte[]>> send(
                HttpRequest request, HttpResponse.BodyHandler<byte[]> body) {
            CompletableFuture<HttpResponse<byte[]>> answer = new CompletableFuture<>();
            begun.add(answer);
            return answer;
        }

        void assertEnded() {
            assertThat(begun)
                    .allSatisfy(answer -> assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
                            .isInstanceOf(CancellationException.class));
        }
    }

    private static FlowError failure(ExecutionResult result) {
        return result.snapshot().node("call").orElseThrow().failure().orElseThrow();
    }

    @Test
    @DisplayName("The limit of time ends a request, whatever it waits for")
    void the_limit_of_time_ends_a_request() throws Exception {
        Endless requests = new Endless();
        HttpNode type = HttpFlow.onLoopback().sender(requests).build();

        ExecutionResult result = HttpFlow.run(type, Map.of("url", "http://127.0.0.1/", "timeLimit", "PT0.05S"), null);

        assertThat(failure(result).message()).isEqualTo("GET http://127.0.0.1/ failed: it took longer than PT0.05S");
        requests.assertEnded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"})
    @DisplayName("S26 Cancelling an execution ends its requests")
    void cancelling_an_execution_ends_its_requests(String begins) throws Exception {
        try (Silent server = new Silent(begins);
                FlowEngine engine =
                        FlowEngine.builder().workers(1).bodyThreads(1).build()) {
            Flow flow =
                    HttpFlow.flow(HttpFlow.onLoopback().build(), "\"parameters\": {\"url\": \"" + server.url() + "\"}");
            FlowExecution execution = engine.executeFromTrigger(flow, "t", null);
            server.asked.await();

            execution.cancel("enough");

            assertThat(server.left.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(execution.await().status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    @Test
    @DisplayName("S27 The timeout of an attempt ends its request")
    void the_timeout_of_an_attempt_ends_its_request() throws Exception {
        Endless requests = new Endless();
        Flow flow = HttpFlow.flow(
                HttpFlow.onLoopback().sender(requests).build(),
                "\"timeout\": \"PT0.2S\", \"parameters\": {\"url\": \"http://127.0.0.1/\"}");

        assertThat(failure(HttpFlow.run(flow, null)).kind()).isEqualTo(FailureKind.NODE_TIMEOUT);
        requests.assertEnded();
    }

    @Test
    @DisplayName("A server that cannot be reached fails the node, is worth another attempt, and is named")
    void a_server_that_cannot_be_reached_fails_the_node() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port + "/";
        AtomicInteger judged = new AtomicInteger();
        HttpNode type = HttpNode.builder()
                .connectLimit(Duration.ofSeconds(30))
                .addresses((host, address) -> {
                    judged.incrementAndGet();
                    return HttpFlow.LOOPBACK.refusal(host, address);
                })
                .build();

        ExecutionResult result = HttpFlow.run(
                HttpFlow.flow(type, "\"retry\": {\"maxAttempts\": 2}, \"parameters\": {\"url\": \"" + url + "\"}"),
                null);

        FlowError failure = failure(result);
        assertThat(failure.message()).startsWith("GET " + url + " failed: ");
        assertThat(failure.attempt()).isEqualTo(2);
        assertThat(judged).hasValue(2);
    }

    @Test
    @DisplayName("A host that is unknown fails the node")
    void a_host_that_is_unknown_fails_the_node() throws Exception {
        HttpNode type = HttpNode.builder()
                .resolver(host -> {
                    throw new UnknownHostException(host);
                })
                .build();

        ExecutionResult result = HttpFlow.run(type, Map.of("url", "https://no.example/x"), null);

        assertThat(failure(result).message()).isEqualTo("GET https://no.example/x failed: the host is unknown");
    }
}
