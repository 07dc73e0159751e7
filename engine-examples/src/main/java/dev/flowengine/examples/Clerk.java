package dev.flowengine.examples;

import dev.flowengine.node.NodeContext;

/** Counts what is on a shelf. */
@FunctionalInterface
interface Clerk {

    /** Takes its time, and leaves off early when the context asks for it; returns the number of items. */
    int count(NodeContext context) throws InterruptedException;
}
