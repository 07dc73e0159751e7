package dev.flowengine.flow;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs a flow to its end on an engine of its own. */
final class Runs {
    private Runs() {}

    static ExecutionResult run(Flow flow, TriggerRef<?> trigger, @Nullable Object data) throws InterruptedException {
        return run(flow, trigger.nodeId(), data, RunOptions.ofDefaults());
    }

    static ExecutionResult run(Flow flow, String trigger, @Nullable Object data, RunOptions options)
            throws InterruptedException {
        try (FlowEngine engine = Engines.create()) {
            return engine.executeFromTrigger(flow, trigger, data, options)
                    .await(Duration.ofSeconds(30))
                    .orElseThrow(() -> new AssertionError("the execution has not ended"));
        }
    }
}
