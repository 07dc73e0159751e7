package dev.flowengine.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** One execution of a hand-written program: per node its state and how many sources it waits for. */
final class CountdownRun {
    private static final int QUEUED = 1;
    private static final int RUNNING = 2;
    private static final int COMPLETED = 3;

    private final AtomicIntegerArray waiting;
    private final AtomicIntegerArray states;
    private final AtomicInteger remaining;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Throwable failure;

    CountdownRun(LayeredGraph graph, int[] sourceCounts) {
        this.waiting = new AtomicIntegerArray(sourceCounts);
        this.states = new AtomicIntegerArray(graph.size());
        this.remaining = new AtomicInteger(graph.size());
    }

    void queued(int node) {
        states.setRelease(node, QUEUED);
    }

    void running(int node) {
        states.setRelease(node, RUNNING);
    }

    void completed(int node) {
        states.setRelease(node, COMPLETED);
    }

    /** Counts one source of a node as completed; true if it was the last, and the node is now queued. */
    boolean release(int node) {
        if (waiting.decrementAndGet(node) != 0) {
            return false;
        }
        queued(node);
        return true;
    }

    /** Counts nodes that have ended; the last ones end the run. */
    void ended(int nodes) {
        if (remaining.addAndGet(-nodes) == 0) {
            ended.countDown();
        }
    }

    void failed(Throwable cause) {
        failure = cause;
        ended.countDown();
    }

    void await() throws InterruptedException {
        ended.await();
        if (failure != null) {
            throw new IllegalStateException("a node failed", failure);
        }
    }

    /** Fails unless every node completed. */
    void requireComplete() {
        for (int node = 0; node < states.length(); node++) {
            if (states.getAcquire(node) != COMPLETED) {
                throw new IllegalStateException("node " + node + " is in state " + states.getAcquire(node));
            }
        }
    }
}
