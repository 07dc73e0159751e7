package dev.flowengine.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {

    @Test
    void an_answer_carries_what_its_outcome_needs_and_nothing_else() {
        Rejection rejection = new Rejection(Rejection.Reason.TOO_LARGE, "d");

        assertThat(BatchAnswer.rejected(Rejection.Reason.TOO_LARGE, "d").rejection())
                .contains(rejection);
        assertThat(BatchAnswer.applied().rejection()).isEmpty();
        assertThat(BatchAnswer.fenced().outcome()).isEqualTo(BatchAnswer.Outcome.FENCED);
        assertThat(CreateAnswer.created(1).epoch()).isEqualTo(1);
        assertThat(CreateAnswer.existing(run()).existing()).contains(run());
        assertThat(CreateAnswer.rejected(Rejection.Reason.TOO_LARGE, "d").rejection())
                .contains(rejection);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchAnswer(BatchAnswer.Outcome.FENCED, Optional.of(rejection)));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new CreateAnswer(CreateAnswer.Outcome.EXISTING, 0, Optional.empty(), Optional.empty()));
    }

    @Test
    void an_exception_says_whether_to_try_again_and_whether_anything_is_known() {
        IOException cause = new IOException("reset");

        StoreException lost = StoreException.transientFailure("m", cause);
        assertThat(lost).hasMessage("m").hasCause(cause);
        assertThat(lost.isTransient()).isTrue();
        assertThat(lost.isInDoubt()).isFalse();
        assertThat(StoreException.inDoubt("m", null).isTransient()).isTrue();
        assertThat(StoreException.inDoubt("m", null).isInDoubt()).isTrue();

        StoreException broken = StoreException.permanentFailure("m", null, "Run the scripts.");
        assertThat(broken.isTransient()).isFalse();
        assertThat(broken.suggestedResolution()).isEqualTo("Run the scripts.");
    }

    @ParameterizedTest
    @CsvSource({
        "UNSTORABLE_TEXT, SERIALIZATION",
        "TOO_LARGE, LIMIT_EXCEEDED",
        "STORE_FULL, LIMIT_EXCEEDED",
        "DUPLICATE_STEP, INVALID_FLOW_STATE"
    })
    void a_refusal_has_the_kind_of_its_reason(Rejection.Reason reason, FailureKind kind) {
        StoreException refused = StoreException.refused(new Rejection(reason, "the name of the signal"));

        assertThat(refused.kind()).isEqualTo(kind);
        assertThat(refused).hasMessageContaining(reason.name()).hasMessageContaining("the name of the signal");
        assertThat(refused.isTransient()).isFalse();
    }

    @Test
    void what_a_worker_learns_does_not_change_afterwards() {
        Set<String> ids = new HashSet<>(Set.of("r"));
        Renewal renewal = new Renewal(Instant.EPOCH, Duration.ofSeconds(1), false, ids);
        ClaimRequest request = new ClaimRequest("w", Set.of(new FlowKey("f", "1")), 3);

        ids.clear();

        assertThat(renewal.withMessages()).containsExactly("r");
        assertThat(request.flows()).hasSize(1);
        assertThat(new Claim("r", new FlowKey("f", "1"), 2, 0).epoch()).isEqualTo(2);
        assertThat(new Backlog(new FlowKey("f", "1"), 2, Instant.EPOCH).runs()).isEqualTo(2);
    }

    @Test
    void what_is_read_does_not_change_afterwards() {
        RunImage image = new RunImage(run(), RunInput.NONE, List.of(), List.of(), List.of());

        assertThat(image.run().executionId()).isEqualTo("r");
        assertThat(new RunPage(List.of(run()), Optional.empty()).runs()).containsExactly(run());
        assertThat(new RunTrail(List.of(), List.of()).logs()).isEmpty();
        assertThat(Message.control("m", MessageType.PAUSE, "anna", "lunch").payload())
                .isEmpty();
    }

    private static RunRecord run() {
        return new RunRecord(
                RunHeader.of("r", new FlowKey("f", "1"), "t", Instant.EPOCH).build(),
                RunState.open(ExecutionStatus.PAUSED, Optional.empty()),
                new Ownership(Standing.dormant(""), Optional.empty(), 1, 1, 0));
    }
}
