package dev.flowengine.internal.kernel;

import dev.flowengine.flow.Flow;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.machine.RunInputs;
import dev.flowengine.node.RunOptions;

/**
 * A redrive as it was asked for.
 *
 * @param earlier the execution that is redriven
 * @param flow the flow to run
 * @param plan what of it runs
 * @param inputs what it is given
 * @param keepKeys whether idempotency keys are those of the earlier execution
 * @param options how to run
 * @param automatic how many executions in a row the engine has redriven by itself, this one included; 0 if asked for
 */
record Redriving(
        RunResult earlier,
        Flow flow,
        CompiledPlan plan,
        RunInputs inputs,
        boolean keepKeys,
        RunOptions options,
        int automatic) {}
