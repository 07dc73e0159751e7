package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flowengine.graph.Problem;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.LoopItem;
import dev.flowengine.node.TypeRef;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S26 S30 the definition of compensations")
class CompensationDefinitionTest {
    private final FlowBuilder f = Flow.builder("saga");
    private final TriggerRef<List<String>> t = f.trigger("t", new TypeRef<List<String>>() {});

    @Test
    @DisplayName("S30 S31 a node in the body of a loop cannot have one: the message names both and a way out")
    void in_a_loop() {
        LoopRef<String> all = f.loop(
                "each",
                t,
                item -> f.node("book", item, any -> any).returns(String.class).compensate((value, context) -> {}));
        f.node("after", all, any -> any.toString()).compensate((value, context) -> {});
        f.compensate(CompensationPolicy.onFailure());

        List<Problem> problems =
                catchThrowableOfType(InvalidFlowException.class, f::build).problems();

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).message())
                .contains("node 'book' has a compensation")
                .contains("loop 'each'");
        assertThat(problems.get(0).suggestedResolution()).contains("behind the loop");
        assertThat(problems.get(0).nodes()).containsExactly("book");
    }

    @Test
    @DisplayName("S30 every mistake is reported at once")
    void mistakes() {
        FlowDefinition flow = Flow.definition("wrong").compensate(CompensationPolicy.always());
        flow.trigger("t");
        flow.add(NodeDefinition.loop("loop", (context, progress) -> LoopItem.none())
                        .compensation((outputs, context) -> {})
                        .build())
                .connect("t", "loop");
        flow.add(NodeDefinition.builder("off")
                        .disabled()
                        .compensation((outputs, context) -> {})
                        .build())
                .connect("t", "off");
        flow.add(NodeDefinition.builder("cached")
                        .body(context -> 1)
                        .cache(CachePolicy.keepFor(Duration.ofMinutes(1)))
                        .compensation((outputs, context) -> {})
                        .build())
                .connect("t", "cached");

        assertThat(catchThrowableOfType(InvalidFlowException.class, flow::build).problems())
                .filteredOn(problem -> problem.message().contains("has a compensation, but"))
                .extracting(Problem::nodes)
                .containsExactly(List.of("loop"), List.of("off"), List.of("cached"));
    }

    @Test
    @DisplayName("S30 a flow that never compensates says so in a warning")
    void never_asked_for() {
        f.node("book", t, any -> any.toString()).compensate((value, context) -> {});
        Flow flow = f.build();

        assertThat(flow.compensation().isNone()).isTrue();
        assertThat(flow.validation().warnings())
                .extracting(Problem::message)
                .containsExactly("the flow never compensates, so what undoes book is never called");
    }

    @Test
    @DisplayName("S26 a policy says after which ends, for how long and how often; each method gives a copy")
    void policies() {
        CompensationPolicy policy = CompensationPolicy.onFailure();
        assertThat(policy.appliesTo(ExecutionStatus.FAILED)).isTrue();
        assertThat(policy.appliesTo(ExecutionStatus.PARTIAL)).isTrue();
        assertThat(policy.appliesTo(ExecutionStatus.CANCELLED)).isFalse();
        assertThat(CompensationPolicy.onCancel().appliesTo(ExecutionStatus.CANCELLED))
                .isTrue();
        assertThat(CompensationPolicy.onCancel().appliesTo(ExecutionStatus.FAILED))
                .isFalse();
        assertThat(CompensationPolicy.always().appliesTo(ExecutionStatus.COMPLETED))
                .isFalse();
        assertThat(policy.timeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(policy.attemptTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(policy.retry().maxAttempts()).isEqualTo(5);

        CompensationPolicy other = policy.timeout(Duration.ofHours(1))
                .attemptTimeout(Duration.ofSeconds(2))
                .retry(RetryPolicy.none());
        assertThat(other.timeout()).isEqualTo(Duration.ofHours(1));
        assertThat(other.attemptTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(other.retry()).isEqualTo(RetryPolicy.none());
        assertThat(other.isOnFailure()).isTrue();
        assertThat(other.isOnCancel()).isFalse();
        assertThat(policy.timeout()).isEqualTo(Duration.ofMinutes(10));
        assertThatIllegalArgumentException().isThrownBy(() -> policy.timeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> policy.attemptTimeout(Duration.ofSeconds(-1)));
    }
}
