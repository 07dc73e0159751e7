package dev.flowengine.internal.machine;

/**
 * The execution that a node has started, or is to start.
 *
 * @param executionId its id, which follows from the attempt that starts it: so it is found again, and never started twice
 * @param awaited whether the node waits for its end, and not only until it has been admitted
 * @param again whether it may have been started before, by an engine that was lost since
 */
public record ChildCall(String executionId, boolean awaited, boolean again) {}
