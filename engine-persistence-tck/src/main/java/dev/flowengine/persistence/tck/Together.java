package dev.flowengine.persistence.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does something in several threads at once. */
final class Together {

    private Together() {}

    /** Lets all threads begin together; gives their answers in the order of the threads, or the first failure. */
    static <T> List<T> run(int threads, Work<T> work) throws Exception {
        CyclicBarrier beginning = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                futures.add(executor.submit(() -> {
                    beginning.await();
                    return work.in(thread);
                }));
            }
            return answersOf(futures);
        } finally {
            executor.shutdownNow();
        }
    }

    private static <T> List<T> answersOf(List<Future<T>> futures) throws Exception {
        List<T> answers = new ArrayList<>();
        for (Future<T> future : futures) {
            try {
                answers.add(future.get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AssertionError || e.getCause() instanceof RuntimeException) {
                    throw new AssertionError("a thread failed: " + e.getCause(), e.getCause());
                }
                throw e;
            }
        }
        return answers;
    }

    /** What each thread does. */
    interface Work<T> {

        /** Does it in one of the threads, numbered from 0. */
        T in(int thread) throws Exception;
    }
}
