package dev.flowengine.event;

/**
 * What the body of a node tells about itself while it runs. Not counted among the events of its execution, and not kept
 * for a listener that is behind beyond the latest state: reports that were not delivered yet become one.
 */
public sealed interface NodeReport extends NodeEvent permits NodeProgressed, NodeLogged {}
