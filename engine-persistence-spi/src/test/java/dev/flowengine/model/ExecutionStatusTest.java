package dev.flowengine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("S8 the life of an execution")
class ExecutionStatusTest {
    private static final LifeCycle ALLOWED = new LifeCycle("""
            QUEUED -> RUNNING PARKED CANCELLING COMPLETED PARTIAL FAILED CANCELLED
            RUNNING -> WAITING PAUSING PARKED CANCELLING COMPENSATING COMPLETED PARTIAL FAILED CANCELLED
            WAITING -> RUNNING PAUSING PARKED CANCELLING COMPENSATING COMPLETED PARTIAL FAILED CANCELLED
            PAUSING -> PAUSED RUNNING WAITING PARKED CANCELLING COMPENSATING COMPLETED PARTIAL FAILED CANCELLED
            PAUSED -> RUNNING WAITING PARKED CANCELLING COMPENSATING COMPLETED PARTIAL FAILED CANCELLED
            PARKED -> RUNNING WAITING CANCELLING COMPENSATING COMPLETED PARTIAL FAILED CANCELLED
            CANCELLING -> PARKED COMPENSATING COMPLETED PARTIAL FAILED CANCELLED
            COMPENSATING -> PARKED COMPLETED PARTIAL FAILED CANCELLED
            """);

    static Stream<Arguments> pairs() {
        return Stream.of(ExecutionStatus.values())
                .flatMap(from -> Stream.of(ExecutionStatus.values()).map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void only_the_changes_of_the_contract_are_allowed(ExecutionStatus from, ExecutionStatus to) {
        assertThat(from.canBecome(to)).isEqualTo(ALLOWED.allows(from, to));
    }

    @Test
    void the_table_covers_every_change_once() {
        long allowed = Stream.of(ExecutionStatus.values())
                .flatMap(from -> Stream.of(ExecutionStatus.values()).filter(from::canBecome))
                .count();

        assertThat(allowed).isEqualTo(ALLOWED.size());
    }

    @ParameterizedTest
    @EnumSource(
            value = ExecutionStatus.class,
            names = {"COMPLETED", "PARTIAL", "FAILED", "CANCELLED"})
    @DisplayName("S44 terminal is absorbing")
    void a_terminal_execution_never_changes_again(ExecutionStatus terminal) {
        assertThat(terminal.isTerminal()).isTrue();
        assertThat(ExecutionStatus.values()).noneMatch(terminal::canBecome);
    }

    @ParameterizedTest
    @EnumSource(
            value = ExecutionStatus.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"COMPLETED", "PARTIAL", "FAILED", "CANCELLED"})
    void every_other_execution_can_still_end_and_never_becomes_what_it_is(ExecutionStatus open) {
        assertThat(open.isTerminal()).isFalse();
        assertThat(open.canBecome(ExecutionStatus.CANCELLED)).isTrue();
        assertThat(open.canBecome(ExecutionStatus.FAILED)).isTrue();
        assertThat(open.canBecome(open)).isFalse();
    }

    @Test
    @DisplayName("S26 cancel beats pause")
    void a_cancelled_execution_is_never_paused_or_resumed() {
        assertThat(Stream.of(ExecutionStatus.PAUSING, ExecutionStatus.PAUSED, ExecutionStatus.PARKED))
                .allMatch(held -> held.canBecome(ExecutionStatus.CANCELLING));
        assertThat(Stream.of(
                        ExecutionStatus.RUNNING,
                        ExecutionStatus.WAITING,
                        ExecutionStatus.PAUSING,
                        ExecutionStatus.PAUSED))
                .noneMatch(ExecutionStatus.CANCELLING::canBecome);
    }
}
