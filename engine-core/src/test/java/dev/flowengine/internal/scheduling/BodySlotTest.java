package dev.flowengine.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.FlowException;
import dev.flowengine.testing.Patience;
import dev.flowengine.testing.Threads;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("S28 R14 a body that is given up is replaced at once, and counted until it returns")
class BodySlotTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<BodySlot> slots = new CopyOnWriteArrayList<>();
    private final List<Throwable> refusals = new CopyOnWriteArrayList<>();
    private final AtomicInteger ran = new AtomicInteger();
    private final ExecutorService hosts = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        release.countDown();
        hosts.shutdownNow();
    }

    private BodyThreads threads(boolean onHosts, int limit) {
        return onHosts ? BodyThreads.ofHost(hosts, limit, Runnable::run) : BodyThreads.ofEngine(limit, 64);
    }

    private BodyTask stuck() {
        return body(slot -> {
            slots.add(slot);
            awaitRelease();
        });
    }

    private BodyTask quick() {
        return body(slot -> ran.incrementAndGet());
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest(name = "on hosts: {0}, {1} bodies at once")
    @CsvSource({"false, 1", "false, 2", "false, 8", "true, 1", "true, 2", "true, 8"})
    void every_place_is_given_to_another(boolean onHosts, int limit) {
        BodyThreads threads = threads(onHosts, limit);
        for (int i = 0; i < limit; i++) {
            threads.start(stuck());
        }
        Patience.await().until(() -> slots.size() == limit);
        for (int i = 0; i < 50; i++) {
            threads.start(quick());
        }
        assertThat(ran).hasValue(0);

        slots.forEach(BodySlot::giveUp);
        slots.forEach(BodySlot::giveUp);
        Patience.await().until(() -> ran.get() == 50);
        assertThat(threads.abandonedNow()).isEqualTo(limit);
        release.countDown();
        Patience.await().until(() -> threads.abandonedNow() == 0);
        assertRoom(threads, limit);
        threads.shutdown();
    }

    /** So many bodies run at once, and no more: no place was lost, and none was won. */
    private static void assertRoom(BodyThreads threads, int limit) {
        CountDownLatch all = new CountDownLatch(limit);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        for (int i = 0; i <= limit; i++) {
            threads.start(body(slot -> {
                running.incrementAndGet();
                all.countDown();
                try {
                    end.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        Patience.await().until(() -> all.getCount() == 0);
        assertThat(running).hasValue(limit);
        end.countDown();
        Patience.await().until(() -> running.get() == limit + 1);
    }

    @ParameterizedTest(name = "{0} bodies at once")
    @ValueSource(ints = {1, 2, 8})
    @DisplayName("R14 a give-up that meets the return of its body neither loses a place nor makes one")
    void a_give_up_meets_the_return(int limit) throws Exception {
        BodyThreads threads = BodyThreads.ofEngine(limit, 1_000_000);
        int bodies = 4_000;
        CountDownLatch done = new CountDownLatch(bodies);
        Threads.together(2, thread -> {
            for (int i = 0; i < bodies / 2; i++) {
                threads.start(body(slot -> {
                    hosts.execute(slot::giveUp);
                    done.countDown();
                }));
            }
        });
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        hosts.shutdown();
        assertThat(hosts.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        Patience.await().until(() -> threads.abandonedNow() == 0);
        assertRoom(threads, limit);
        threads.shutdown();
    }

    @Test
    @DisplayName("S28 beyond maxAbandoned no body is started until one of those returns")
    void too_many_abandoned() {
        BodyThreads threads = BodyThreads.ofEngine(1, 0);
        threads.start(stuck());
        Patience.await().until(() -> slots.size() == 1);
        slots.get(0).giveUp();
        threads.start(refusable());
        assertThat(refusals).singleElement().isInstanceOf(FlowException.class);
        release.countDown();
        Patience.await().until(() -> threads.abandonedNow() == 0);
        threads.start(quick());
        Patience.await().until(() -> ran.get() == 1);
        threads.shutdown();
    }

    private BodyTask refusable() {
        return new BodyTask() {
            @Override
            public void run(BodySlot slot) {
                throw new AssertionError("was to be refused");
            }

            @Override
            public void refused(Throwable cause) {
                refusals.add(cause);
            }
        };
    }

    private static BodyTask body(Consumer<BodySlot> work) {
        return new BodyTask() {
            @Override
            public void run(BodySlot slot) {
                work.accept(slot);
            }

            @Override
            public void refused(Throwable cause) {
                throw new AssertionError("refused", cause);
            }
        };
    }
}
