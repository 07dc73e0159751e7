package dev.flowengine.internal.scheduling;

import dev.flowengine.races.Races;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("S28 no place among the bodies that run at once is lost or given away twice")
class BodyThreadsRacesTest {

    @Test
    void when_a_body_returns_as_it_is_given_up_and_another_arrives() {
        Races.interleave(() -> {
            Host host = new Host(1);
            host.start(slot -> {
                Thread canceller = host.thread(slot::giveUp);
                canceller.start();
            });

            Thread runner = host.thread(host::runAll);
            runner.start();
            host.start(slot -> {});
            host.joinAll();

            host.checkAll(2, 1);
        });
    }

    @Test
    void when_two_give_up_the_same_body() {
        Races.interleave(() -> {
            Host host = new Host(2);
            host.start(slot -> {
                host.thread(slot::giveUp).start();
                slot.giveUp();
            });
            host.runAll();
            host.joinAll();

            host.checkAll(1, 2);
        });
    }

    @Test
    void when_a_body_arrives_just_as_the_last_one_leaves() {
        Races.interleave(() -> {
            Host host = new Host(1);
            host.start(slot -> {});
            host.thread(host::runAll).start();
            host.thread(() -> host.start(slot -> {})).start();
            host.start(slot -> {});
            host.joinAll();

            host.checkAll(3, 1);
        });
    }

    /** Hands threads to bodies when told to, and counts. */
    private static final class Host {
        private final Queue<Runnable> accepted = new ConcurrentLinkedQueue<>();
        private final Queue<Thread> started = new ConcurrentLinkedQueue<>();
        private final AtomicInteger ran = new AtomicInteger();
        private final BodyThreads threads;

        Host(int limit) {
            this.threads = BodyThreads.ofHost(accepted::add, limit, Runnable::run);
        }

        void start(Consumer<BodySlot> body) {
            threads.start(new Body(body, ran));
        }

        void runAll() {
            for (Runnable work = accepted.poll(); work != null; work = accepted.poll()) {
                work.run();
            }
        }

        Thread thread(Runnable work) {
            Thread thread = new Thread(work);
            started.add(thread);
            return thread;
        }

        void joinAll() {
            // A thread that is waited for may add to the others.
            for (Thread next = started.poll(); next != null; next = started.poll()) {
                Races.join(List.of(next));
            }
        }

        /** All have run, and as many as the limit, not one more, find room. */
        void checkAll(int bodies, int limit) {
            while (!accepted.isEmpty()) {
                runAll();
                joinAll();
            }
            Races.require(ran.get() == bodies, ran.get() + " bodies ran");
            Races.require(threads.abandonedNow() == 0, threads.abandonedNow() + " threads lost");
            for (int i = 0; i <= limit; i++) {
                start(slot -> {});
            }
            Races.require(accepted.size() == limit, accepted.size() + " places");
        }
    }

    private record Body(Consumer<BodySlot> work, AtomicInteger ran) implements BodyTask {
        @Override
        public void run(BodySlot slot) {
            ran.incrementAndGet();
            work.accept(slot);
        }

        @Override
        public void refused(Throwable cause) {
            throw new AssertionError("refused", cause);
        }
    }
}
