package dev.flowengine.internal.delivery;

import java.util.function.IntFunction;

/**
 * The execution that events are about. Holds on to nothing of it that is large: a listener that is behind keeps it.
 *
 * @param executionId the execution
 * @param flowId its flow
 * @param nodeIds the ids of its nodes by their numbers; from any thread
 */
public record EventOrigin(String executionId, String flowId, IntFunction<String> nodeIds) {}
