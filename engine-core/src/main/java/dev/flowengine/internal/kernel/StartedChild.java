package dev.flowengine.internal.kernel;

import dev.flowengine.execution.FlowExecution;
import java.util.concurrent.CompletionStage;

/**
 * An execution that a node of another one has started.
 *
 * @param execution its handle
 * @param admitted completes once it cannot get lost any more, or says why it did not begin
 */
record StartedChild(FlowExecution execution, CompletionStage<?> admitted) {}
