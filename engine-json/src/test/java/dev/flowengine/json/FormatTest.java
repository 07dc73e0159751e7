package dev.flowengine.json;

import static dev.flowengine.json.Documents.TYPES;
import static dev.flowengine.json.Documents.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flowengine.flow.DisabledOutput;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.graph.OrderDependency;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormatTest {
    static final String EVERYTHING = """
            {
              "id": "everything",
              "version": "7",
              "failureMode": "FAIL_FAST",
              "timeouts": {
                "attempt": "PT10S",
                "node": "PT30S",
                "execution": "PT5M"
              },
              "retry": {
                "maxAttempts": 2,
                "delay": "PT1S"
              },
              "compensate": {
                "after": "FAILURE",
                "timeout": "PT2M",
                "attemptTimeout": "PT3S",
                "retry": {
                  "maxAttempts": 2
                }
              },
              "redrive": {
                "maxRedrives": 3,
                "delay": "PT1M"
              },
              "releaseOutputs": true,
              "nodes": [
                {
                  "id": "placed",
                  "type": "trigger"
                },
                {
                  "id": "check",
                  "type": "if",
                  "parameters": {
                    "field": "/total",
                    "above": 1000
                  },
                  "keep": true
                },
                {
                  "id": "big",
                  "type": "set",
                  "parameters": {
                    "values": {
                      "/state": "big"
                    }
                  },
                  "after": [
                    "placed"
                  ],
                  "retry": {
                    "maxAttempts": 4,
                    "backoff": "exponential",
                    "delay": "PT0.2S",
                    "factor": 3.0,
                    "cap": "PT5S",
                    "jitter": 0.2
                  },
                  "timeout": "PT2S",
                  "nodeTimeout": "PT20S",
                  "onError": "ERROR_OUTPUT"
                },
                {
                  "id": "small",
                  "type": "set",
                  "onError": {
                    "fallback": {
                      "state": null
                    }
                  }
                },
                {
                  "id": "off",
                  "type": "set",
                  "disabled": {
                    "output": [
                      1,
                      2.50
                    ]
                  }
                },
                {
                  "id": "all",
                  "type": "collect",
                  "join": {
                    "atLeast": 2
                  },
                  "disabled": true
                },
                {
                  "id": "any",
                  "type": "merge",
                  "join": "ANY_SUCCESS",
                  "onError": "CONTINUE"
                }
              ],
              "connections": [
                {
                  "from": "placed",
                  "to": "check"
                },
                {
                  "from": "check",
                  "output": "true",
                  "to": "big"
                },
                {
                  "from": "check",
                  "output": "false",
                  "to": "small"
                },
                {
                  "from": "placed",
                  "to": "off"
                },
                {
                  "from": "big",
                  "output": "error",
                  "to": "all"
                },
                {
                  "from": "off",
                  "to": "all"
                },
                {
                  "from": "all",
                  "to": "any"
                }
              ]
            }
            """;

    @Test
    void everything_a_definition_says_as_data_is_read() {
        Flow flow = read(EVERYTHING);

        assertThat(flow.id()).isEqualTo("everything");
        assertThat(flow.version()).isEqualTo("7");
        assertThat(flow.failureMode()).isEqualTo(FailureMode.FAIL_FAST);
        assertThat(flow.timeouts().attempt()).contains(Duration.ofSeconds(10));
        assertThat(flow.timeouts().node()).contains(Duration.ofSeconds(30));
        assertThat(flow.timeouts().execution()).contains(Duration.ofMinutes(5));
        assertThat(flow.retry().maxAttempts()).isEqualTo(2);
        assertThat(flow.retry().backoff()).isEqualTo(new RetryPolicy.Fixed(Duration.ofSeconds(1)));
        assertThat(flow.compensation().isOnFailure()).isTrue();
        assertThat(flow.compensation().isOnCancel()).isFalse();
        assertThat(flow.compensation().timeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(flow.compensation().attemptTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(flow.compensation().retry().maxAttempts()).isEqualTo(2);
        assertThat(flow.redrive().maxRedrives()).isEqualTo(3);
        assertThat(flow.redrive().delay()).isEqualTo(Duration.ofMinutes(1));
        assertThat(flow.releasesOutputs()).isTrue();
        assertThat(flow.triggers()).containsExactly("placed");
        assertThat(flow.graph().orderDependencies()).containsExactly(new OrderDependency("placed", "big"));
        assertThat(flow.graph().connections())
                .hasSize(7)
                .contains(new Connection("check", "true", "big", "main"), Connection.of("placed", "check"));
    }

    @Test
    void everything_a_node_says_as_data_is_read() {
        Flow flow = read(EVERYTHING);

        NodeDefinition big = flow.node("big").orElseThrow();
        RetryPolicy retry = big.retry().orElseThrow();
        assertThat(big.type()).contains("set");
        assertThat(big.parameters()).isEqualTo(Map.of("values", Map.of("/state", "big")));
        assertThat(retry.maxAttempts()).isEqualTo(4);
        assertThat(retry.backoff()).isEqualTo(new RetryPolicy.Exponential(Duration.ofMillis(200), 3));
        assertThat(retry.cap()).isEqualTo(Duration.ofSeconds(5));
        assertThat(retry.jitter()).isEqualTo(0.2);
        assertThat(big.timeout()).contains(Duration.ofSeconds(2));
        assertThat(big.nodeTimeout()).contains(Duration.ofSeconds(20));
        assertThat(big.errorHandling()).isEqualTo(ErrorHandling.ERROR_OUTPUT);
        assertThat(flow.node("check").orElseThrow().isKept()).isTrue();
        assertThat(flow.node("small").orElseThrow().errorHandling()).isInstanceOf(ErrorHandling.Fallback.class);
        assertThat(flow.node("off").orElseThrow().disabledOutput())
                .contains(new DisabledOutput(List.of(1, new BigDecimal("2.50"))));
        assertThat(flow.node("all").orElseThrow().shape().join()).isEqualTo(JoinRule.atLeast(2));
        assertThat(flow.node("all").orElseThrow().isDisabled()).isTrue();
        assertThat(flow.node("any").orElseThrow().shape().join()).isEqualTo(JoinRule.ANY_SUCCESS);
        assertThat(flow.node("any").orElseThrow().errorHandling()).isEqualTo(ErrorHandling.CONTINUE);
    }

    @Test
    void what_is_written_is_what_was_read_in_one_form() {
        assertThat(FlowJson.write(read(EVERYTHING))).isEqualTo(EVERYTHING);
    }

    @Test
    void what_is_left_out_is_the_default() {
        Flow flow = read("""
                {"$schema": "flow.schema.json", "id": "f", "nodes": [{"id": "t", "type": "trigger"}]}""");

        assertThat(flow.version()).isEqualTo("1");
        assertThat(flow.failureMode()).isEqualTo(FailureMode.ISOLATE_BRANCH);
        assertThat(flow.retry().maxAttempts()).isEqualTo(1);
        assertThat(flow.compensation().isNone()).isTrue();
        assertThat(flow.redrive().maxRedrives()).isZero();
        assertThat(flow.releasesOutputs()).isFalse();
        assertThat(FlowJson.write(flow)).isEqualTo("""
                {
                  "id": "f",
                  "version": "1",
                  "nodes": [
                    {
                      "id": "t",
                      "type": "trigger"
                    }
                  ],
                  "connections": []
                }
                """);
    }

    @Test
    void a_retry_says_only_what_differs_and_repeats_three_times_unless_told() {
        Flow flow = read(Documents.withNode("\"type\": \"merge\", \"retry\": {}"));
        RetryPolicy retry = flow.node("n").orElseThrow().retry().orElseThrow();

        assertThat(retry.maxAttempts()).isEqualTo(3);
        assertThat(retry.backoff()).isEqualTo(new RetryPolicy.Fixed(Duration.ZERO));
        assertThat(retry.cap()).isEqualTo(RetryPolicy.fixed(Duration.ZERO).cap());
        RetryPolicy exponential = read(Documents.withNode(
                        "\"type\": \"merge\", \"retry\": {\"backoff\": \"exponential\", \"delay\": \"PT1S\"}"))
                .node("n")
                .orElseThrow()
                .retry()
                .orElseThrow();
        assertThat(exponential.cap()).isEqualTo(Duration.ofMinutes(1));
        assertThat(exponential.backoff()).isEqualTo(new RetryPolicy.Exponential(Duration.ofSeconds(1), 2));
    }

    @Test
    void a_draft_may_run_in_a_circle() {
        String json = """
                {"id": "f", "nodes": [{"id": "a", "type": "merge"}, {"id": "b", "type": "merge"}],
                 "connections": [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}]}""";

        Flow draft = FlowJson.readDraft(json, TYPES);

        assertThat(draft.validation().errors()).hasSize(1);
        assertThat(FlowJson.readDraft(FlowJson.write(draft), TYPES).graph()).isEqualTo(draft.graph());
        assertThatExceptionOfType(FlowJsonException.class).isThrownBy(() -> read(json));
    }

    @Test
    void data_is_plain() {
        assertThat(JsonData.read("[1, 2147483648, 1e2, 0.10, true, null, {\"b\": 1, \"a\": \"x\"}]"))
                .hasToString("[1, 2147483648, 1E+2, 0.10, true, null, {b=1, a=x}]");
        assertThat(JsonData.read("12345678901234567890")).isInstanceOf(BigInteger.class);
        assertThat(JsonData.write(JsonData.read("{\"z\": [1.50, \"ä\\n\"], \"a\": null}")))
                .isEqualTo("{\"z\":[1.50,\"ä\\n\"],\"a\":null}");
        assertThatExceptionOfType(FlowJsonException.class)
                .isThrownBy(() -> JsonData.read("{\"a\": 1e9999, \"b\": 1, \"b\": 2}"))
                .satisfies(e -> assertThat(e.problems()).hasSize(2));
    }
}
