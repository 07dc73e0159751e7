package dev.flowengine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("S20 a retry policy")
class RetryPolicyTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    @Test
    void allows_three_attempts_unless_said_otherwise_counted_from_one() {
        RetryPolicy policy = RetryPolicy.fixed(SECOND);

        assertThat(policy.maxAttempts()).isEqualTo(3);
        assertThat(policy.allows(2, new IOException())).isTrue();
        assertThat(policy.allows(3, new IOException())).isFalse();
        assertThat(policy.maxAttempts(4).allows(3, new IOException())).isTrue();
        assertThat(policy.maxAttempts(1).allows(1, new IOException())).isFalse();
    }

    @Test
    void repeats_after_any_exception_but_no_error_unless_said_otherwise() {
        RetryPolicy policy = RetryPolicy.fixed(SECOND);

        assertThat(policy.allows(1, new IllegalStateException())).isTrue();
        assertThat(policy.allows(1, new TimeoutException())).isTrue();
        assertThat(policy.allows(1, new OutOfMemoryError())).isFalse();
        assertThat(policy.allows(1, new AssertionError())).isFalse();
    }

    @Test
    void can_be_told_which_failures_are_worth_another_attempt() {
        RetryPolicy onTypes = RetryPolicy.fixed(SECOND).on(IOException.class, LinkageError.class);

        assertThat(onTypes.allows(1, new FileNotFoundException())).isTrue();
        assertThat(onTypes.allows(1, new NoSuchMethodError())).isTrue();
        assertThat(onTypes.allows(1, new IllegalStateException())).isFalse();
        assertThat(onTypes.when(thrown -> "again".equals(thrown.getMessage())).allows(1, new Error("again")))
                .isTrue();
    }

    @Test
    void that_is_none_allows_one_attempt_until_it_is_given_more() {
        assertThat(RetryPolicy.none().maxAttempts()).isEqualTo(1);
        assertThat(RetryPolicy.none().allows(1, new IOException())).isFalse();
        assertThat(RetryPolicy.none().maxAttempts(2).allows(1, new IOException()))
                .isTrue();
        assertThat(RetryPolicy.none().delayAfter(1, 0.5)).isZero();
    }

    @Test
    void of_a_fixed_delay_waits_that_long_however_long_it_is() {
        assertThat(delays(RetryPolicy.fixed(Duration.ofMinutes(5)), 3)).containsOnly(Duration.ofMinutes(5));
        assertThat(RetryPolicy.fixed(Duration.ZERO).delayAfter(1, 1)).isZero();
    }

    @Test
    void of_an_exponential_delay_waits_longer_each_time_up_to_a_minute() {
        assertThat(delays(RetryPolicy.exponential(Duration.ofSeconds(10)), 5))
                .containsExactly(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(40),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1));
        assertThat(delays(RetryPolicy.exponential(Duration.ofMillis(1500), 1), 3))
                .containsOnly(Duration.ofMillis(1500));
        assertThat(delays(RetryPolicy.exponential(SECOND, 3), 3))
                .containsExactly(SECOND, Duration.ofSeconds(3), Duration.ofSeconds(9));
    }

    @Test
    void whose_first_wait_is_longer_than_a_minute_waits_that_long_each_time() {
        assertThat(delays(RetryPolicy.exponential(Duration.ofMinutes(2)), 2)).containsOnly(Duration.ofMinutes(2));
    }

    @Test
    void may_be_given_another_cap() {
        assertThat(RetryPolicy.exponential(SECOND).cap(Duration.ofHours(1)).delayAfter(8, 0))
                .isEqualTo(Duration.ofSeconds(128));
        assertThat(RetryPolicy.fixed(SECOND).cap(Duration.ofMillis(10)).delayAfter(1, 0))
                .isEqualTo(Duration.ofMillis(10));
        assertThat(RetryPolicy.fixed(SECOND).cap(Duration.ZERO).delayAfter(1, 0))
                .isZero();
    }

    @Test
    void can_ask_a_function_how_long_to_wait() {
        RetryPolicy policy = RetryPolicy.custom(failed -> Duration.ofMinutes(failed - 2L));

        assertThat(delays(policy, 4))
                .containsExactly(Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(2));
    }

    @Test
    void never_waits_longer_than_can_be_counted_in_nanoseconds() {
        Duration eternity = Duration.ofSeconds(Long.MAX_VALUE);

        assertThat(RetryPolicy.fixed(eternity).delayAfter(1, 1)).isEqualTo(LONGEST);
        assertThat(RetryPolicy.fixed(eternity).jitter(1).delayAfter(1, 1)).isEqualTo(LONGEST);
        assertThat(RetryPolicy.fixed(eternity).cap(eternity).delayAfter(1, 1)).isEqualTo(LONGEST);
        assertThat(RetryPolicy.exponential(SECOND).cap(eternity).delayAfter(Integer.MAX_VALUE, 1))
                .isEqualTo(LONGEST);
        assertThat(RetryPolicy.exponential(Duration.ZERO).delayAfter(99, 1)).isZero();
    }

    @Test
    @DisplayName("R27 from the hundredth failed attempt on there is a floor, whatever the policy says")
    void has_a_floor_after_many_attempts() {
        Duration floor = Duration.ofMillis(10);

        assertThat(RetryPolicy.fixed(Duration.ZERO).delayAfter(99, 0)).isZero();
        assertThat(RetryPolicy.fixed(Duration.ZERO).delayAfter(100, 0)).isEqualTo(floor);
        assertThat(RetryPolicy.fixed(SECOND).cap(Duration.ZERO).delayAfter(100, 0))
                .isEqualTo(floor);
        assertThat(RetryPolicy.fixed(SECOND).jitter(1).delayAfter(100, 0)).isEqualTo(floor);
        assertThat(RetryPolicy.fixed(SECOND).delayAfter(100, 0)).isEqualTo(SECOND);
        assertThat(RetryPolicy.exponential(Duration.ZERO).delayAfter(Integer.MAX_VALUE, 1))
                .isEqualTo(floor);
    }

    @Test
    void varies_its_waits_around_what_they_would_be() {
        RetryPolicy policy = RetryPolicy.fixed(Duration.ofSeconds(10)).jitter(0.2);

        assertThat(policy.delayAfter(1, 0)).isEqualTo(Duration.ofSeconds(8));
        assertThat(policy.delayAfter(1, 0.5)).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.delayAfter(1, 1)).isEqualTo(Duration.ofSeconds(12));
        assertThat(policy.cap(SECOND).delayAfter(1, 1)).isEqualTo(Duration.ofMillis(1200));
        assertThat(policy.jitter(0).delayAfter(1, 1)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void does_not_change_when_a_copy_is_made() {
        RetryPolicy policy = RetryPolicy.fixed(SECOND);
        policy.maxAttempts(9).cap(Duration.ZERO).jitter(1).on(IOException.class);

        assertThat(policy.maxAttempts()).isEqualTo(3);
        assertThat(policy.delayAfter(1, 0)).isEqualTo(SECOND);
        assertThat(policy.allows(1, new IllegalStateException())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void refuses_a_jitter_that_is_no_share(double share) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.none().jitter(share))
                .withMessage("jitter is " + share + ", but must be between 0 and 1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.9, Double.NaN, Double.POSITIVE_INFINITY})
    void refuses_a_factor_that_would_shorten_the_waits_or_is_no_number(double factor) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.exponential(SECOND, factor))
                .withMessage("backoff factor is " + factor + ", but must be a number of at least 1");
    }

    @Test
    void refuses_what_makes_no_sense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.none().maxAttempts(0))
                .withMessage("maxAttempts is 0, but must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.fixed(SECOND.negated()))
                .withMessage("delay is PT-1S, but must not be negative");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.exponential(SECOND.negated()))
                .withMessage("first delay is PT-1S, but must not be negative");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.none().cap(SECOND.negated()))
                .withMessage("cap is PT-1S, but must not be negative");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.none().on())
                .withMessage("on() is given no type; for no repetition take RetryPolicy.none()");
    }

    @Test
    void refuses_null() {
        assertThatNullPointerException()
                .isThrownBy(() -> RetryPolicy.fixed(null))
                .withMessage("delay");
        assertThatNullPointerException()
                .isThrownBy(() -> RetryPolicy.custom(null))
                .withMessage("backoff");
        assertThatNullPointerException()
                .isThrownBy(() -> RetryPolicy.none().when(null))
                .withMessage("predicate");
    }

    @Test
    void tells_what_it_is_made_of_as_far_as_that_is_data() {
        RetryPolicy policy = RetryPolicy.exponential(SECOND, 3)
                .maxAttempts(5)
                .cap(SECOND.multipliedBy(9))
                .jitter(0.5);

        assertThat(policy.backoff()).isEqualTo(new RetryPolicy.Exponential(SECOND, 3));
        assertThat(policy.cap()).isEqualTo(SECOND.multipliedBy(9));
        assertThat(policy.jitter()).isEqualTo(0.5);
        assertThat(policy.isSelective()).isFalse();
        assertThat(policy.on(RuntimeException.class).isSelective()).isTrue();
        assertThat(RetryPolicy.none().backoff()).isEqualTo(new RetryPolicy.Fixed(Duration.ZERO));
        assertThat(RetryPolicy.custom(failed -> SECOND).backoff())
                .isNotInstanceOfAny(RetryPolicy.Fixed.class, RetryPolicy.Exponential.class);
        assertThat(RedrivePolicy.none().isSelective()).isFalse();
        assertThat(RedrivePolicy.upTo(1, SECOND).isSelective()).isFalse();
        assertThat(RedrivePolicy.upTo(1, SECOND).when(failure -> true).isSelective())
                .isTrue();
    }

    private static List<Duration> delays(RetryPolicy policy, int failures) {
        return IntStream.rangeClosed(1, failures)
                .mapToObj(failed -> policy.delayAfter(failed, 0.5))
                .toList();
    }
}
