package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Documents of 100,000 nodes: read, run, or refused, in a time that is linear in their length. */
class LargeDocumentTest {
    private static final int SIZE = 100_000;

    @Test
    void a_chain_is_read_written_and_run() {
        Flow flow = Documents.read(chain("merge", i -> connection("n" + i, "n" + (i + 1))));

        assertThat(flow.nodes()).hasSize(SIZE);
        assertThat(FlowJson.write(flow).lines().count()).isGreaterThan(8 * (SIZE - 1));
        assertThat(Documents.run(flow, "n0", 1).status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    void a_circle_is_one_problem() {
        String json = chain("merge", i -> connection("n" + i, "n" + (i == SIZE - 2 ? 0 : i + 1)));

        assertThatExceptionOfType(FlowJsonException.class)
                .isThrownBy(() -> Documents.read(json))
                .satisfies(e -> assertThat(e.problems()).hasSizeBetween(1, 2))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(10_000));
    }

    @Test
    void as_many_problems_as_nodes_are_counted() {
        for (String json : new String[] {
            chain("murge", i -> connection("n" + i, "n" + (i + 1))),
            chain("merge", i -> connection("n" + i, "m" + i)),
            chain("merge", i -> "{\"frm\": 1}"),
            chain("merge", i -> "1")
        }) {
            assertThatExceptionOfType(FlowJsonException.class)
                    .isThrownBy(() -> Documents.read(json))
                    .satisfies(e -> assertThat(e.problems()).hasSize(100))
                    .satisfies(e -> assertThat(e.moreProblems()).isGreaterThan(SIZE - 200))
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300_000));
        }
    }

    @Test
    void what_is_wrong_below_long_names_takes_neither_time_nor_memory() {
        String name = "{\"" + "~".repeat(1_000) + "\":";
        String start = "{\"id\":\"f\",\"nodes\":[],\"x\":" + name.repeat(50);

        for (String wrong :
                new String[] {"[" + "1e9999,".repeat(300_000) + "1]", "{" + "\"a\":0,".repeat(300_000) + "\"a\":0}"}) {
            assertThatExceptionOfType(FlowJsonException.class)
                    .isThrownBy(() -> Documents.read(start + wrong + "}".repeat(51)))
                    .satisfies(e -> assertThat(e.problems()).hasSize(100))
                    .satisfies(e -> assertThat(e.moreProblems()).isBetween(299_900, 299_902))
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500_000));
        }
    }

    @Test
    void ports_nobody_has_are_told_beside_other_mistakes_as_the_core_tells_them() {
        String whole = "{\"from\": \"s\", \"output\": \"x\", \"to\": \"t\"}";
        String half = "{\"from\": \"s\", \"output\": \"x\", \"to\": 1}";
        String ports = "node 's' has no output port 'x'; it has p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 29991 more";

        assertThat(Documents.problems(withPorts(whole))).anyMatch(problem -> problem.contains(ports));
        assertThat(Documents.problems(withPorts(half))).contains("/connections/0: " + ports);
        assertThatExceptionOfType(FlowJsonException.class)
                .isThrownBy(() -> Documents.read(withPorts((half + ",").repeat(29_999) + half)))
                .satisfies(e -> assertThat(e.moreProblems()).isGreaterThan(59_800))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(30_000));
    }

    private static String withPorts(String connections) {
        String cases = IntStream.range(0, 30_000)
                .mapToObj(i -> "{\"output\": \"p" + i + "\", \"when\": {\"field\": \"\", \"exists\": true}}")
                .collect(Collectors.joining(","));
        return "{\"id\": \"f\", \"nodes\": [{\"id\": \"t\", \"type\": \"trigger\"}, {\"id\": \"s\", \"type\": \"switch\","
                + " \"parameters\": {\"cases\": [" + cases + "]}}], \"connections\": [" + connections + "]}";
    }

    private static String chain(String type, IntFunction<String> connection) {
        String nodes = IntStream.range(0, SIZE)
                .mapToObj(i -> "{\"id\": \"n" + i + "\", \"type\": \"" + (i == 0 ? "trigger" : type) + "\"}")
                .collect(Collectors.joining(","));
        String connections = IntStream.range(0, SIZE - 1).mapToObj(connection).collect(Collectors.joining(","));
        return "{\"id\": \"f\", \"nodes\": [" + nodes + "], \"connections\": [" + connections + "]}";
    }

    private static String connection(String from, String to) {
        return "{\"from\": \"" + from + "\", \"to\": \"" + to + "\"}";
    }
}
