package dev.flowengine.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.execution.RedrivePlan;
import dev.flowengine.flow.RedrivePolicy;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S29 what a policy and a plan of redrives say of themselves")
class RedrivePolicyTest {
    private final FlowException ended = FlowException.of(FailureKind.NODE_EXECUTION_FAILED, "failed")
            .suggestedResolution("none")
            .build();

    @Test
    void a_policy_redrives_at_least_once_and_never_without_a_delay() {
        Duration delay = Duration.ofSeconds(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedrivePolicy.upTo(0, delay))
                .withMessageContaining("redrives is 0");
        for (Duration none : List.of(Duration.ZERO, delay.negated())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RedrivePolicy.upTo(1, none))
                    .withMessageContaining("redrive delay is " + none);
        }
    }

    @Test
    void a_policy_applies_to_every_failure_unless_its_predicate_refuses() {
        RedrivePolicy policy = RedrivePolicy.upTo(2, Duration.ofSeconds(3));
        RedrivePolicy picky = policy.when(failure -> failure.kind() == FailureKind.EXECUTION_TIMEOUT);

        assertThat(policy.maxRedrives()).isEqualTo(2);
        assertThat(policy.delay()).isEqualTo(Duration.ofSeconds(3));
        assertThat(policy.appliesTo(ended)).isTrue();
        assertThat(picky.appliesTo(ended)).isFalse();
        assertThat(picky.maxRedrives()).isEqualTo(2);
        assertThat(picky.delay()).isEqualTo(Duration.ofSeconds(3));
        assertThat(RedrivePolicy.none().when(failure -> true).appliesTo(ended)).isFalse();
    }

    @Test
    void a_plan_does_not_change_with_the_lists_it_was_made_of() {
        List<String> rerun = new ArrayList<>(List.of("a"));
        List<String> reused = new ArrayList<>(List.of("b"));

        RedrivePlan plan = new RedrivePlan("id", rerun, reused, List.of(), List.of());
        rerun.clear();
        reused.clear();

        assertThat(plan.rerun()).containsExactly("a");
        assertThat(plan.reused()).containsExactly("b");
    }
}
