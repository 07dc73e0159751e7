package dev.flowengine.crash;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import java.util.List;
import java.util.function.Supplier;

/** An execution that can be cut short, of flows of its own: so no engine takes over what another test has left. */
public interface CrashExecution {

    /** The flow it is of, then those it starts. */
    List<Flow> flows();

    /** Does what has to have been done before, on engines that are not lost. */
    default void prepare(Supplier<FlowEngine> engines) throws InterruptedException {}

    /** Starts it, on an engine that knows its flows. */
    FlowExecution start(FlowEngine engine);

    /** Sends what it waits for; again if an engine was lost, as what is sent twice counts once. */
    default void send(FlowExecution run) {}

    /** Says how it ended, alike wherever engines were lost. */
    String outcome(ExecutionResult end);
}
