package dev.flowengine.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.testing.Threads;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("S36 a lock for some nanoseconds")
class BriefLockTest {
    private static final int EACH = 100_000;

    private int counted;

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2, 8})
    void one_thread_at_a_time_holds_it_and_sees_what_the_one_before_did(int threads) throws Exception {
        BriefLock lock = new BriefLock();

        Threads.together(threads, thread -> {
            for (int i = 0; i < EACH; i++) {
                lock.lock();
                try {
                    counted++;
                } finally {
                    lock.unlock();
                }
            }
        });

        assertThat(counted).isEqualTo(threads * EACH);
    }
}
