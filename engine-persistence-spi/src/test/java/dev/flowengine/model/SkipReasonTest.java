package dev.flowengine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S13 skip reasons")
class SkipReasonTest {

    @Test
    void are_declared_in_order_of_precedence() {
        assertThat(SkipReason.values())
                .containsExactly(
                        SkipReason.CONDITION_FALSE,
                        SkipReason.UPSTREAM_FAILED,
                        SkipReason.MISSING_INPUT,
                        SkipReason.ALL_INPUTS_SKIPPED,
                        SkipReason.BRANCH_NOT_TAKEN,
                        SkipReason.MANUAL);
    }

    @Test
    @DisplayName("S9 a connection from a node skipped because of a failure has failed, from any other skipped node not")
    void only_an_upstream_failure_is_a_failure_for_those_who_depend_on_it() {
        assertThat(SkipReason.values())
                .filteredOn(SkipReason::propagatesFailure)
                .containsExactly(SkipReason.UPSTREAM_FAILED);
    }
}
