package dev.flowengine.crash;

import dev.flowengine.FlowEngine;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreFixture;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.JavaCodec;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code flowengine.test.crashStride} says at how many of the moments engines are lost: at every third one with 3. */
@DisplayName(
        "R1 R2 R25 S26 S29 S32 S33 S34 S41 wherever an engine is lost, another one goes on as if nothing had happened")
@Timeout(300)
class CrashCaseTest {
    private static final int STRIDE = Integer.getInteger("flowengine.test.crashStride", 1);
    private static final Duration LEASE = Duration.ofMinutes(1);

    @ParameterizedTest
    @EnumSource
    @DisplayName("before and after each write: maps, loops, sub-flows, waits, redrives of items, compensations")
    void at_every_write(CrashCase what) throws InterruptedException {
        try (Memory memory = new Memory()) {
            Crashes crashes = new Crashes(what, memory, LEASE, CrashCaseTest::engine);
            List<CrashPoint> points = crashes.points();
            crashes.at(IntStream.range(0, points.size())
                    .filter(i -> i % STRIDE == 0)
                    .mapToObj(points::get)
                    .toList());
        }
    }

    private static FlowEngine engine(ExecutionStore store) {
        return Engines.builder()
                .store(store)
                .codec(new JavaCodec())
                .lease(LEASE)
                .sweepInterval(Duration.ofMillis(20))
                .cancelGrace(Duration.ofMillis(200))
                .build();
    }

    /** A store in memory. */
    private static final class Memory implements StoreFixture {
        private final InMemoryExecutionStore store = new InMemoryExecutionStore();

        @Override
        public ExecutionStore store() {
            return store;
        }

        @Override
        public void advance(Duration by) {
            store.advance(by);
        }
    }
}
