package dev.flowengine.node;

/**
 * What a node does. A body may be called by several threads for different executions at once, and by at most one
 * thread for one attempt of one node. It may throw anything: that fails the node.
 */
public sealed interface NodeBody
        permits ValueBody, EmittingBody, AsyncBody, WaitingBody, SubflowBody, LoopBody, MapBody {}
