package dev.flowengine.internal.kernel;

import dev.flowengine.execution.FlowExecution;
import dev.flowengine.model.ExecutionStatus;

/** An execution that can be told, with a pause or a resume, what that is for; its audit says so. */
interface PausedFor extends FlowExecution {

    ExecutionStatus pause(String why);

    ExecutionStatus resume(String why);

    @Override
    default ExecutionStatus pause() {
        return pause("");
    }

    @Override
    default ExecutionStatus resume() {
        return resume("");
    }

    static ExecutionStatus pause(FlowExecution execution, String why) {
        return execution instanceof PausedFor told ? told.pause(why) : execution.pause();
    }

    static ExecutionStatus resume(FlowExecution execution, String why) {
        return execution instanceof PausedFor told ? told.resume(why) : execution.resume();
    }
}
