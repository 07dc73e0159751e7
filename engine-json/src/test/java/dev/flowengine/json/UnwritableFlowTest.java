package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RedrivePolicy;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.FailureKind;
import dev.flowengine.node.TypeRef;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a flow holds that is no data. */
class UnwritableFlowTest {

    @Test
    void everything_that_is_code_is_named_at_once() {
        Flow flow = fullOfCode();

        FlowJsonException refused = catchThrowableOfType(FlowJsonException.class, () -> FlowJson.write(flow));

        assertThat(refused.kind()).isEqualTo(FailureKind.INVALID_DEFINITION);
        assertThat(refused.affectedNodes())
                .containsExactly("t", "body", "selective", "custom", "recovering", "fallback", "disabled");
        assertThat(refused.problems())
                .extracting(Object::toString)
                .containsExactly(
                        "/retry: the flow's retry policy says with code when to wait or what to repeat",
                        "/compensate: the flow's retry policy of compensations says something with code",
                        "/redrive: the flow's redrive policy says with code what to redrive",
                        "/nodes/0: node 't' has no node type, so what it does is code; define it with NodeTypes, or say"
                                + " its type(…)",
                        "/nodes/1: node 'body' has no node type, so what it does is code; define it with NodeTypes, or"
                                + " say its type(…)",
                        "/nodes/2/retry: the retry policy of node 'selective' says with code when to wait or what to"
                                + " repeat",
                        "/nodes/3/retry: the retry policy of node 'custom' says with code when to wait or what to"
                                + " repeat",
                        "/nodes/4/onError: node 'recovering' recovers with code",
                        "/nodes/5/onError/fallback: of node 'fallback': the value is a java.time.Instant, which is no"
                                + " plain data",
                        "/nodes/6/disabled/output: of node 'disabled': the value is NaN, a java.lang.Double, which is no"
                                + " plain number");
    }

    @Test
    void a_typed_flow_is_code() {
        FlowBuilder f = Flow.builder("f");
        f.action("a", f.trigger("t", String.class), text -> {});

        FlowJsonException refused = catchThrowableOfType(FlowJsonException.class, () -> FlowJson.write(f.build()));

        assertThat(refused.affectedNodes()).containsExactly("t", "a");
        assertThat(refused)
                .hasMessageStartingWith("flow 'f' version 1 (2 nodes) cannot be written as JSON: 2 problems");
    }

    @Test
    void a_trigger_with_a_body_is_code() {
        Flow flow = Flow.definition("f")
                .add(NodeDefinition.trigger("t").toBuilder().body(context -> 1).build())
                .build();

        FlowJsonException refused = catchThrowableOfType(FlowJsonException.class, () -> FlowJson.write(flow));

        assertThat(refused.affectedNodes()).containsExactly("t");
    }

    @Test
    void a_switch_that_goes_on_after_a_failure_could_not_be_read_again() {
        Map<String, Object> always = Map.of("output", "main", "when", Map.of("field", "", "exists", true));
        Flow flow = Flow.definition("f")
                .trigger("t")
                .add(Documents.TYPES
                        .define("s", "switch", Map.of("cases", List.of(always)))
                        .onError(ErrorHandling.CONTINUE)
                        .build())
                .connect("t", "s")
                .build();

        FlowJsonException refused = catchThrowableOfType(FlowJsonException.class, () -> FlowJson.write(flow));

        assertThat(refused.problems())
                .extracting(Object::toString)
                .containsExactly(
                        "/nodes/1/onError: node 's' has onError CONTINUE, but a failure is no decision of a branch");
    }

    private static Flow fullOfCode() {
        RetryPolicy once = RetryPolicy.fixed(Duration.ZERO);
        return Flow.definition("f")
                .retry(once.on(IOException.class))
                .compensate(CompensationPolicy.onCancel().retry(once.on(IOException.class)))
                .redrive(RedrivePolicy.upTo(1, Duration.ofSeconds(1)).when(failure -> true))
                .add(NodeDefinition.trigger("t", TypeRef.of(String.class)))
                .add(NodeDefinition.builder("body").body(context -> 1).build())
                .add(merge("selective").retry(once.when(thrown -> true)).build())
                .add(merge("custom")
                        .retry(RetryPolicy.custom(failed -> Duration.ZERO))
                        .build())
                .add(merge("recovering")
                        .onError(ErrorHandling.recover(error -> 1))
                        .build())
                .add(merge("fallback")
                        .onError(ErrorHandling.fallback(Instant.EPOCH))
                        .build())
                .add(merge("disabled").disabledOutput(Double.NaN).build())
                .add(merge("fine").retry(once).build())
                .connect("t", "body")
                .build();
    }

    private static NodeDefinition.Builder merge(String id) {
        return NodeDefinition.builder(id).passThrough().type("merge", Map.of());
    }
}
