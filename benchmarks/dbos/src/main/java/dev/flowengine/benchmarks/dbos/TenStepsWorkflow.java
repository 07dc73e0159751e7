package dev.flowengine.benchmarks.dbos;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.workflow.Workflow;
import dev.flowengine.benchmarks.durable.Contender;
import dev.flowengine.benchmarks.durable.StepTimes;

/** Steps in a row, each recorded. */
public final class TenStepsWorkflow implements TenSteps {
    private final DBOS dbos;
    private final StepTimes times;

    TenStepsWorkflow(DBOS dbos, StepTimes times) {
        this.dbos = dbos;
        this.times = times;
    }

    @Override
    @Workflow(name = "ten-steps")
    public long run(long flow) {
        long value = flow;
        for (int i = 1; i <= Contender.STEPS; i++) {
            long input = value;
            value = dbos.runStep(() -> step(input), "step-" + i);
        }
        return value;
    }

    private long step(long value) {
        times.step(value);
        return value;
    }
}
