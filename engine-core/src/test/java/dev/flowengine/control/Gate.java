package dev.flowengine.control;

import dev.flowengine.node.NodeContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Bodies that wait until a test lets them go on, and what they saw. */
final class Gate {
    private final CountDownLatch entered;
    private final CountDownLatch open = new CountDownLatch(1);
    private final List<NodeContext> contexts = new CopyOnWriteArrayList<>();
    private final CountDownLatch interrupted = new CountDownLatch(1);

    Gate() {
        this(1);
    }

    /** A gate before which so many bodies are expected. */
    Gate(int bodies) {
        this.entered = new CountDownLatch(bodies);
    }

    /** Waits until the gate opens; an interrupt ends the body with a failure. */
    Object hold(NodeContext context) throws InterruptedException {
        contexts.add(context);
        entered.countDown();
        try {
            awaitOpen(open);
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
        return "through the gate";
    }

    /** Waits until the gate opens, whoever asks or interrupts. */
    Object clutch(NodeContext context) {
        contexts.add(context);
        block();
        return "through the gate";
    }

    /** Keeps the calling thread, whatever it is, until the gate opens. */
    void block() {
        entered.countDown();
        while (open.getCount() > 0) {
            try {
                awaitOpen(open);
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }
    }

    /** Waits until so many bodies as were expected are at the gate. */
    Gate awaitEntered() {
        return awaitHere(entered);
    }

    /** Waits until a body was interrupted. */
    Gate awaitInterrupted() {
        return awaitHere(interrupted);
    }

    boolean wasInterrupted() {
        return interrupted.getCount() == 0;
    }

    /** The body that came first. */
    NodeContext first() {
        return contexts.get(0);
    }

    /** How many bodies have come. */
    int bodies() {
        return contexts.size();
    }

    void open() {
        open.countDown();
    }

    private Gate awaitHere(CountDownLatch latch) {
        try {
            awaitOpen(latch);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting at a gate", e);
        }
        return this;
    }

    private static void awaitOpen(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(Watch.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("waited in vain at a gate");
        }
    }
}
