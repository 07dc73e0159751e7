package dev.flowengine.settlement;

import dev.flowengine.oracle.CaseFailure;
import dev.flowengine.oracle.CaseNode;
import java.util.List;

/** What the attempts of one node saw in one execution, and how they end. */
final class NodeTrace {
    private final CaseNode node;
    private int attempts;
    private int last;
    private int recoveries;
    private List<String> inputs = List.of();
    private String trouble = "";

    NodeTrace(CaseNode node) {
        this.node = node;
    }

    /** Forgets the execution before. */
    synchronized void reset() {
        attempts = 0;
        recoveries = 0;
        inputs = List.of();
        trouble = "";
    }

    /** Called by every attempt with its number and its inputs; true if it is one that fails. */
    synchronized boolean begin(int number, List<String> rendered) {
        attempts++;
        if (number != attempts) {
            trouble = "attempt " + attempts + " has number " + number;
        } else if (attempts > 1 && !rendered.equals(inputs)) {
            trouble = "attempt " + attempts + " sees " + rendered + " after " + inputs;
        }
        inputs = rendered;
        last = number;
        return number <= node.behaviour().failures();
    }

    /** Ends an attempt that fails. */
    synchronized void fail() {
        String message = CaseFailure.attemptMessage(node.id(), last);
        if (node.behaviour().throwsError()) {
            throw new PlannedError(message);
        }
        throw new PlannedFailure(message);
    }

    /** Called by every recovery. */
    synchronized void recover() {
        recoveries++;
    }

    /** The ports an attempt fires that does not fail. */
    List<String> fires() {
        return node.behaviour().fires();
    }

    synchronized int attempts() {
        return attempts;
    }

    synchronized int recoveries() {
        return recoveries;
    }

    /** What the last attempt saw, by input port. */
    synchronized List<String> inputs() {
        return inputs;
    }

    /** What was wrong with the attempts, in words; empty if nothing. */
    synchronized String trouble() {
        return trouble;
    }
}
