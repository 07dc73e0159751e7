package dev.flowengine.internal.kernel;

import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import java.util.BitSet;
import java.util.Map;

/**
 * A redrive as it was asked for.
 *
 * @param earlier the execution that is redriven
 * @param reused numbers of the nodes whose outputs are taken over
 * @param edited inputs given in place of what arrives, by number of the node
 * @param keepKeys whether idempotency keys are those of the earlier execution
 * @param options how to run
 * @param automatic how many executions in a row the engine has redriven by itself, this one included; 0 if asked for
 */
record Redriving(
        RunResult earlier,
        BitSet reused,
        Map<Integer, PortValues> edited,
        boolean keepKeys,
        RunOptions options,
        int automatic) {}
