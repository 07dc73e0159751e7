package dev.flowengine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.AuditRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When a run stood still, as its audit tells. */
class PausesTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static Instant at(int minute) {
        return NOON.plusSeconds(60L * minute);
    }

    private static AuditRecord entered(int minute, ExecutionStatus status) {
        return new AuditRecord(at(minute), "w", "status-changed", Optional.of(status), "");
    }

    private static AuditRecord recovered(int minute) {
        return new AuditRecord(at(minute), "w", "recovered", Optional.empty(), "");
    }

    @Test
    @DisplayName("S25 a pause lasts from the request to the resume, whoever takes the run over meanwhile")
    void lasts_until_the_resume() {
        Pauses pauses = Pauses.of(List.of(
                entered(0, ExecutionStatus.RUNNING),
                entered(10, ExecutionStatus.PAUSING),
                entered(11, ExecutionStatus.PAUSED),
                recovered(20),
                entered(30, ExecutionStatus.RUNNING),
                entered(35, ExecutionStatus.WAITING),
                entered(40, ExecutionStatus.PAUSED)));
        assertThat(pauses.all()).containsExactly(new Pauses.Pause(at(10), at(30)), new Pauses.Pause(at(40), null));
        assertThat(pauses.asOf(at(50))).isEqualTo(at(40));
        assertThat(pauses.active(at(0), at(50))).isEqualTo(Duration.ofMinutes(20));
        assertThat(pauses.active(at(15), at(50))).as("of what began in a pause").isEqualTo(Duration.ofMinutes(10));
        assertThat(pauses.active(at(45), at(50))).isZero();
    }

    @Test
    @DisplayName("S43 a run that was parked stood still until somebody resumed it")
    void parked() {
        Pauses pauses = Pauses.of(List.of(entered(10, ExecutionStatus.PARKED), entered(70, ExecutionStatus.RUNNING)));
        assertThat(pauses.active(at(0), at(80))).isEqualTo(Duration.ofMinutes(20));
        assertThat(pauses.since()).isNull();
        assertThat(pauses.asOf(at(80))).isEqualTo(at(80));
    }

    @Test
    @DisplayName("R7 clocks that differ make no time negative")
    void clocks_that_differ() {
        Pauses pauses = Pauses.of(List.of(entered(10, ExecutionStatus.PAUSED), entered(5, ExecutionStatus.RUNNING)));
        assertThat(pauses.active(at(0), at(20))).isEqualTo(Duration.ofMinutes(20));
        assertThat(pauses.active(at(30), at(20))).isZero();
        assertThat(Pauses.of(List.of(recovered(1)))).isSameAs(Pauses.NONE);
    }
}
