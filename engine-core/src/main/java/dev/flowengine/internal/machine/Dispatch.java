package dev.flowengine.internal.machine;

import java.util.BitSet;

/** Which nodes are out for an attempt, which wait for the next one or something else, and which are held back. */
final class Dispatch {
    private final Effects effects;
    private final ReadyQueue queue;
    private final IntList held = new IntList();
    private int inFlight;
    private final BitSet backingOff = new BitSet();
    private long waits;
    private boolean holding;
    private boolean stopped;

    Dispatch(Effects effects, ReadyQueue queue) {
        this.effects = effects;
        this.queue = queue;
    }

    /** Whether nothing is out. */
    boolean isIdle() {
        return inFlight == 0;
    }

    /** Whether nodes wait for their next attempt, a time, or a signal. */
    boolean isWaiting() {
        return !backingOff.isEmpty();
    }

    boolean isBackingOff(int node) {
        return backingOff.get(node);
    }

    /** How often a node has begun or ended to wait for its next attempt. */
    long waits() {
        return waits;
    }

    boolean isHolding() {
        return holding;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Starts a node, or keeps it back for as long as nothing starts. */
    void start(int node) {
        if (holding || stopped) {
            held.add(node);
        } else {
            inFlight++;
            effects.addStart(node);
        }
    }

    /** Something that is no attempt has gone out for a node. */
    void sentOut() {
        inFlight++;
    }

    /** The answer about a node has come, or is not waited for any more. */
    void cameBack() {
        inFlight--;
    }

    void backsOff(int node) {
        backingOff.set(node);
        waits++;
    }

    /** The wait of a node is over; false if it did not wait. */
    boolean waitsNoMore(int node) {
        boolean waited = backingOff.get(node);
        waits += waited ? 1 : 0;
        backingOff.clear(node);
        return waited;
    }

    /** Takes a node back that is held, or was to start just now; false if it is neither. */
    boolean takeBack(int node) {
        if (held.remove(node)) {
            return true;
        }
        boolean wasToStart = effects.removeStart(node);
        if (wasToStart) {
            inFlight--;
        }
        return wasToStart;
    }

    /** Lets nothing start until it is released, not even what was to be. */
    void hold() {
        holding = true;
        for (int i = 0; i < effects.starts(); i++) {
            held.add(effects.start(i));
        }
        inFlight -= effects.starts() + queue.hold();
        effects.started();
    }

    void release() {
        holding = false;
        inFlight += queue.release();
        for (int i = 0; i < held.size(); i++) {
            start(held.get(i));
        }
        held.clear();
    }

    /** Lets nothing start any more. */
    void stop() {
        if (!holding && !stopped) {
            hold();
        }
        stopped = true;
        holding = false;
    }

    /** The nodes that were ready but will not start, once this is stopped. */
    IntList unstarted() {
        queue.drainTo(held);
        return held;
    }
}
