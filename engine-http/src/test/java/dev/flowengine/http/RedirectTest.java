package dev.flowengine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.model.FlowError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.security.Security;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects, which are followed step by step, each one judged. */
class RedirectTest {
    private static final InetAddress OPEN = address("1.1.1.1");
    private static final InetAddress INNER = address("10.0.0.1");

    private final HttpNode type = HttpFlow.onLoopback().redirects(3).build();
    private Server server;
    private Server other;

    @BeforeEach
    void start() throws IOException {
        server = new Server();
        other = new Server();
    }

    @AfterEach
    void stop() {
        server.close();
        other.close();
    }

    @ParameterizedTest
    @DisplayName("A redirect is followed with the method and body it asks for")
    @CsvSource({
        "301,POST,GET", "302,POST,GET", "303,POST,GET", "307,POST,POST", "308,POST,POST",
        "301,PUT,PUT", "303,PUT,GET", "303,HEAD,HEAD", "302,GET,GET", "308,DELETE,DELETE"
    })
    void a_redirect_is_followed(int status, String method, String then) throws InterruptedException {
        server.redirecting("/old", status, "/new?x=1#part").at("/new", 200, "", "");
        boolean body = !method.equals("HEAD") && !method.equals("GET");

        Map<String, Object> parameters = new HashMap<>(Map.of("url", server.url("/old"), "method", method));
        if (body) {
            parameters.put("body", "x");
        }
        HttpFlow.output(HttpFlow.run(type, parameters, null));

        Server.Asked last = server.asked().get(1);
        assertThat(last.target()).isEqualTo("/new?x=1");
        assertThat(last.method()).isEqualTo(then);
        assertThat(last.body()).isEqualTo(then.equals("GET") || !body ? "" : "\"x\"");
        assertThat(last.headers().containsKey("Content-type")).isEqualTo(body && !then.equals("GET"));
    }

    @Test
    @DisplayName("Credentials go to no other origin, and are not sent again when a redirect comes back")
    void credentials_stay_with_their_origin() throws InterruptedException {
        server.redirecting("/a", 307, server.url("/b"))
                .redirecting("/b", 307, other.url("/c"))
                .at("/d", 200, "", "");
        other.redirecting("/c", 307, server.url("/d"));

        HttpFlow.output(HttpFlow.run(
                type,
                Map.of(
                        "url",
                        server.url("/a"),
                        "method",
                        "POST",
                        "body",
                        1,
                        "idempotencyKey",
                        true,
                        "headers",
                        Map.of("Authorization", "secret", "cookie", "c", "X-Api-Key", "k", "Accept", "x/y")),
                null));

        List<String> secret = List.of("Authorization", "Cookie", "X-api-key", "Idempotency-key");
        assertThat(server.asked()).hasSize(3);
        assertThat(server.asked().subList(0, 2))
                .allSatisfy(asked -> assertThat(asked.headers()).containsKeys(secret.toArray(String[]::new)));
        assertThat(other.onlyAsked().headers()).doesNotContainKeys(secret.toArray(String[]::new));
        assertThat(server.asked().get(2).headers()).doesNotContainKeys(secret.toArray(String[]::new));
        assertThat(other.onlyAsked().header("Accept")).isEqualTo("x/y");
        assertThat(other.onlyAsked().header("Content-type")).isEqualTo("application/json");
    }

    @Test
    @DisplayName("As many redirects as are allowed are followed, and no more")
    void redirects_are_limited() throws InterruptedException {
        server.redirecting("/1", 302, "/2")
                .redirecting("/2", 302, "/3")
                .redirecting("/3", 302, "/4")
                .at("/4", 200, "text/plain", "end");

        assertThat(HttpFlow.output(HttpFlow.run(type, Map.of("url", server.url("/1")), null))
                        .get("body"))
                .isEqualTo("end");

        FlowError failure = failure(type, Map.of("url", server.url("/1"), "redirects", 2));
        assertThat(failure.type()).isEqualTo(HttpLimitException.class.getName());
        assertThat(failure.message())
                .isEqualTo(
                        "GET " + server.url("/1") + " leads on after 2 redirects, the last one to " + server.url("/4"));

        Map<?, ?> output = HttpFlow.output(HttpFlow.run(type, Map.of("url", server.url("/1"), "redirects", 0), null));
        assertThat(output.get("status")).isEqualTo(302);
    }

    @Test
    @DisplayName("Where a redirect leads is judged before anything is sent there")
    void where_a_redirect_leads_is_judged() throws InterruptedException {
        HttpNode oneHost = HttpNode.builder()
                .addresses(
                        (host, address) -> host.equals("127.0.0.1") ? Optional.empty() : Optional.of("it is elsewhere"))
                .build();
        String elsewhere = other.url("/secret").replace("127.0.0.1", "localhost");
        server.redirecting("/", 302, elsewhere.replace("http://", "http://user:password@"))
                .redirecting("/named", 302, elsewhere)
                .redirecting("/file", 302, "file:///etc/passwd");

        FlowError named = failure(oneHost, Map.of("url", server.url("/named")));
        assertThat(named.type()).isEqualTo(AddressRefusedException.class.getName());
        assertThat(named.message())
                .startsWith(elsewhere + " is refused: no request may go to ")
                .endsWith("for it is elsewhere");

        FlowError credentials = failure(oneHost, Map.of("url", server.url("/")));
        assertThat(credentials.message()).isEqualTo(elsewhere + " is refused: it contains credentials");
        assertThat(failure(oneHost, Map.of("url", server.url("/file"))).message())
                .contains("neither http nor https");
        assertThat(other.asked()).isEmpty();
    }

    @Test
    @DisplayName("By default no request goes to the machine itself, whatever name leads there")
    void the_machine_itself_is_refused() throws InterruptedException {
        server.at("/", 200, "", "");

        for (String url : List.of(server.url("/"), server.url("/").replace("127.0.0.1", "localhost"))) {
            FlowError failure = failure(new HttpNode(), Map.of("url", Map.of("field", "")), url);

            assertThat(failure.type()).isEqualTo(AddressRefusedException.class.getName());
            assertThat(failure.message()).contains("it is a loopback address");
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    @DisplayName("From https to http no redirect is followed")
    void no_redirect_leads_from_https_to_http() throws InterruptedException {
        Queue<String> sent = new ConcurrentLinkedQueue<>();
        HttpNode secure = HttpNode.builder()
                .resolver(host -> List.of(OPEN))
                .sender((request, body) -> {
                    sent.add(request.uri().toString());
                    return Canned.response(
                            request, 302, Map.of("location", List.of("http://api.example/next?token=1")));
                })
                .build();

        FlowError failure = failure(secure, Map.of("url", "https://api.example/"));

        assertThat(failure.type()).isEqualTo(AddressRefusedException.class.getName());
        assertThat(failure.message())
                .isEqualTo(
                        "http://api.example/next?… is refused: it is not https, but https://api.example/ redirects there");
        assertThat(sent).containsExactly("https://api.example/");
    }

    @Test
    @DisplayName("A name that leads elsewhere once the response has begun is refused, and the response thrown away")
    void a_name_is_judged_again_when_the_response_has_begun() throws InterruptedException {
        Queue<InetAddress> answers = new ConcurrentLinkedQueue<>(List.of(OPEN, INNER));
        HttpNode rebound = HttpNode.builder()
                .resolver(host -> List.of(answers.remove()))
                .sender((request, body) -> Canned.response(request, 200, Map.of()))
                .build();

        assertThat(failure(rebound, Map.of("url", "http://api.example/")).message())
                .isEqualTo(
                        "http://api.example/ is refused: no request may go to 10.0.0.1, for it is a private address");
    }

    @Test
    @DisplayName("Without a cache of names nothing is sent")
    void without_a_cache_of_names_nothing_is_sent() throws InterruptedException {
        server.at("/", 200, "", "");
        String before = Security.getProperty("networkaddress.cache.ttl");
        Security.setProperty("networkaddress.cache.ttl", "0");
        try {
            FlowError failure = failure(type, Map.of("url", server.url("/")));

            assertThat(failure.type()).isEqualTo(AddressRefusedException.class.getName());
            assertThat(failure.message()).contains("networkaddress.cache.ttl is 0");
            assertThat(server.asked()).isEmpty();
        } finally {
            Security.setProperty("networkaddress.cache.ttl", before == null ? "" : before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://[", "http://a b/"})
    @DisplayName("A redirect to what is no URL fails the node")
    void a_redirect_to_no_url_fails(String location) throws InterruptedException {
        server.redirecting("/", 302, location);

        assertThat(failure(type, Map.of("url", server.url("/"))).message())
                .isEqualTo(server.url("/") + " is refused: it redirects to what is no URL");
    }

    @Test
    @DisplayName("A client that follows redirects by itself is refused")
    void a_client_that_follows_redirects_is_refused() {
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();

        assertThatThrownBy(() -> HttpSender.of(client))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the client follows redirects (NORMAL), but must never do so");
    }

    private static FlowError failure(HttpNode type, Map<String, ?> parameters) throws InterruptedException {
        return failure(type, parameters, null);
    }

    private static FlowError failure(HttpNode type, Map<String, ?> parameters, Object input)
            throws InterruptedException {
        ExecutionResult result = HttpFlow.run(type, parameters, input);
        return result.snapshot().node("call").orElseThrow().failure().orElseThrow();
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
