package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.flow.RetryPolicy;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RetryPolicyBoundsTest {
    private static final int POLICIES = 300;

    @Test
    @DisplayName("S20 whatever the policy: no wait is negative, shorter or longer than backoff, cap and jitter allow")
    void waits_stay_in_their_bounds() {
        long seed = Long.getLong("flowengine.test.retrySeed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < POLICIES; i++) {
            long first = (long) Math.pow(10, random.nextDouble() * 18);
            double factor = 1 + random.nextDouble() * 9;
            long cap = (long) Math.pow(10, random.nextDouble() * 18);
            double jitter = random.nextBoolean() ? 0 : random.nextDouble();
            RetryPolicy policy = RetryPolicy.exponential(Duration.ofNanos(first), factor)
                    .cap(Duration.ofNanos(cap))
                    .jitter(jitter);
            double before = 0;
            for (int failed = 1; failed <= 70; failed++) {
                double plain = Math.min(first * Math.pow(factor, failed - 1.0), (double) cap);
                double wait =
                        (double) policy.delayAfter(failed, random.nextDouble()).toNanos();
                double slack = 2 + plain * 1e-9;

                assertThat(wait)
                        .as("-Dflowengine.test.retrySeed=%s, policy %s, after %s", seed, i, failed)
                        .isGreaterThanOrEqualTo(Math.max(0, plain * (1 - jitter) - slack))
                        .isLessThanOrEqualTo(plain * (1 + jitter) + slack);
                if (jitter == 0) {
                    assertThat(wait).isGreaterThanOrEqualTo(before - slack);
                    before = wait;
                }
            }
        }
    }
}
