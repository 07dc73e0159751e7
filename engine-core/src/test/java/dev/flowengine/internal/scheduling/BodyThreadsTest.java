package dev.flowengine.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.testing.Threads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("S28 bodies run on threads of their own, so many at once and no more")
class BodyThreadsTest {
    private final ExecutorService hosts = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        hosts.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void never_more_than_the_limit_run_at_once_and_all_run(boolean onHosts) throws Exception {
        int bodies = 2_000;
        BodyThreads threads = threads(onHosts, 3);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(bodies);

        Threads.together(4, thread -> {
            for (int i = 0; i < bodies / 4; i++) {
                threads.start(body(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                    all.countDown();
                }));
            }
        });

        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(most.get()).isBetween(1, 3);
        assertAccepts(threads, 3);
        threads.shutdown();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void those_beyond_the_limit_wait_in_line(boolean onHosts) throws Exception {
        BodyThreads threads = threads(onHosts, 1);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(100);
        threads.start(body(() -> awaitUninterrupted(hold)));
        for (int i = 0; i < 100; i++) {
            int number = i;
            threads.start(body(() -> {
                order.add(number);
                all.countDown();
            }));
        }
        assertThat(order).isEmpty();

        hold.countDown();

        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(order)
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        threads.shutdown();
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // only makes way where there is one processor
    void a_body_that_arrives_just_as_the_last_one_leaves_is_not_forgotten() {
        BodyThreads threads = BodyThreads.ofHost(hosts, 1, Runnable::run);
        AtomicInteger ran = new AtomicInteger();

        for (int i = 1; i <= 20_000; i++) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            threads.start(body(ran::incrementAndGet));
            // No waiting on a latch: the next body must arrive before the thread of the last one has left.
            while (ran.get() < i && System.nanoTime() < deadline) {
                Thread.yield();
            }
            assertThat(ran.get()).isEqualTo(i);
        }
    }

    @Test
    void a_refused_body_is_told_why_and_gives_its_place_back() throws Exception {
        AtomicBoolean refusing = new AtomicBoolean(true);
        Executor moody = task -> {
            if (refusing.get()) {
                throw new RejectedExecutionException("full");
            }
            hosts.execute(task);
        };
        BodyThreads threads = BodyThreads.ofHost(moody, 2, Runnable::run);
        BodyThreads unlimited = BodyThreads.ofHost(moody, 0, Runnable::run);
        List<Throwable> causes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            threads.start(refusedBody(causes));
            unlimited.start(refusedBody(causes));
        }
        assertThat(causes).hasSize(10).hasOnlyElementsOfType(RejectedExecutionException.class);

        refusing.set(false);

        assertAccepts(threads, 2);
        assertAccepts(unlimited, 2);
    }

    @Test
    void those_that_wait_behind_a_refused_body_are_not_forgotten() {
        List<Throwable> causes = new ArrayList<>();
        List<Runnable> accepted = new ArrayList<>();
        Executor takesOne = task -> {
            if (!accepted.isEmpty()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            accepted.add(task);
        };
        BodyThreads threads = BodyThreads.ofHost(takesOne, 2, Runnable::run);
        AtomicInteger ran = new AtomicInteger();

        threads.start(body(ran::incrementAndGet));
        threads.start(refusedBody(causes));
        threads.start(refusedBody(causes));
        accepted.get(0).run();

        assertThat(causes).hasSize(2).hasOnlyElementsOfType(OutOfMemoryError.class);
        assertThat(ran.get()).isEqualTo(1);
    }

    @Test
    @DisplayName("an interrupt a body leaves behind does not reach the next one on a thread of the engine")
    void the_engines_threads_are_clean_between_bodies() throws Exception {
        assertThat(flagSeenByTheNext(BodyThreads.ofEngine(1, 64))).isFalse();
    }

    @Test
    @DisplayName("an interrupt on a thread of the host is the host's business and stays")
    void the_hosts_threads_are_left_alone() throws Exception {
        assertThat(flagSeenByTheNext(BodyThreads.ofHost(hosts, 1, Runnable::run)))
                .isTrue();
    }

    @Test
    void a_body_knows_that_its_thread_works_for_an_engine_and_nobody_else_is_told_so() throws Exception {
        CountDownLatch done = new CountDownLatch(3);
        List<Boolean> inside = Collections.synchronizedList(new ArrayList<>());
        ExecutorService single = Executors.newSingleThreadExecutor();
        Workers workers = new Workers(1);
        Runnable asks = () -> {
            inside.add(EngineThread.isCurrent());
            done.countDown();
        };
        try {
            BodyThreads.ofHost(single, 0, Runnable::run).start(body(asks));
            BodyThreads.ofEngine(0, 64).start(body(asks));
            workers.execute(asks);

            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(inside).containsOnly(true);
            assertThat(single.submit(EngineThread::isCurrent).get()).isFalse();
            assertThat(EngineThread.isCurrent()).isFalse();
        } finally {
            workers.shutdown();
            single.shutdownNow();
        }
    }

    @Test
    @DisplayName("S28 on Java 21 and later bodies run on virtual threads, before that on a pool of daemons")
    void the_kind_of_thread_is_that_of_the_platform() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        List<Thread> thread = Collections.synchronizedList(new ArrayList<>());

        BodyThreads.ofEngine(0, 64).start(body(() -> {
            thread.add(Thread.currentThread());
            done.countDown();
        }));

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(thread.get(0).isDaemon()).isTrue();
        assertThat(thread.get(0).getName()).startsWith("flowengine-body");
        if (Runtime.version().feature() < 21) {
            assertThat(VirtualThreads.factory("x")).isNull();
            assertThat(thread.get(0)).isInstanceOf(EngineThread.class);
        } else {
            assertThat(VirtualThreads.factory("x")).isNotNull();
            assertThat(Thread.class.getMethod("isVirtual").invoke(thread.get(0)))
                    .isEqualTo(true);
        }
    }

    private BodyThreads threads(boolean onHosts, int limit) {
        return onHosts ? BodyThreads.ofHost(hosts, limit, Runnable::run) : BodyThreads.ofEngine(limit, 64);
    }

    /** So many bodies that wait for each other end only if so many run at once: no place was lost. */
    private static void assertAccepts(BodyThreads threads, int limit) throws InterruptedException {
        CyclicBarrier barrier = new CyclicBarrier(limit);
        CountDownLatch met = new CountDownLatch(limit);
        for (int i = 0; i < limit; i++) {
            threads.start(body(() -> {
                try {
                    barrier.await(30, TimeUnit.SECONDS);
                    met.countDown();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        assertThat(met.await(30, TimeUnit.SECONDS)).as("room for %d", limit).isTrue();
    }

    private static boolean flagSeenByTheNext(BodyThreads threads) throws InterruptedException {
        CountDownLatch queued = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        List<Thread> ran = Collections.synchronizedList(new ArrayList<>());
        AtomicBoolean flag = new AtomicBoolean();
        threads.start(body(() -> {
            awaitUninterrupted(queued);
            ran.add(Thread.currentThread());
            Thread.currentThread().interrupt();
        }));
        threads.start(body(() -> {
            ran.add(Thread.currentThread());
            flag.set(Thread.interrupted());
            done.countDown();
        }));
        queued.countDown();
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ran.get(0)).as("both on one thread").isSameAs(ran.get(1));
        return flag.get();
    }

    private static BodyTask body(Runnable work) {
        return new BodyTask() {
            @Override
            public void run(BodySlot slot) {
                work.run();
            }

            @Override
            public void refused(Throwable cause) {
                throw new AssertionError("refused", cause);
            }
        };
    }

    private static BodyTask refusedBody(List<Throwable> causes) {
        return new BodyTask() {
            @Override
            public void run(BodySlot slot) {
                throw new AssertionError("was to be refused");
            }

            @Override
            public void refused(Throwable cause) {
                causes.add(cause);
            }
        };
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
