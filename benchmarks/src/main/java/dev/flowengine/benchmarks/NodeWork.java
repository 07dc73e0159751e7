package dev.flowengine.benchmarks;

/** What a node does in a hand-written program: the counterpart of a body of the engine. */
@FunctionalInterface
interface NodeWork {

    /** Does nothing, as the bodies of the engine do in these benchmarks. */
    NodeWork NOTHING = node -> null;

    /** Runs a node. */
    Object run(int node) throws Exception;
}
