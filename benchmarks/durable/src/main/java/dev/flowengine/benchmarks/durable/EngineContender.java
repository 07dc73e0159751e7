package dev.flowengine.benchmarks.durable;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.jdbc.JdbcExecutionStore;
import dev.flowengine.model.ExecutionStatus;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** This engine, with the store a host gets by one line. */
final class EngineContender implements Contender {
    private static final String TRIGGER = "start";

    private @Nullable FlowEngine engine;
    private @Nullable StepTimes times;
    private @Nullable Flow flow;

    @Override
    public String name() {
        return "engine";
    }

    @Override
    public void open(DataSource dataSource, StepTimes to) {
        times = to;
        flow = flow(to);
        engine = FlowEngine.builder()
                .store(JdbcExecutionStore.create(dataSource))
                .build();
        engine.register(flow);
    }

    private static Flow flow(StepTimes times) {
        FlowBuilder builder = Flow.builder("ten-steps");
        TriggerRef<Long> start = builder.trigger(TRIGGER, Long.class);
        NodeRef<Long> last =
                builder.node("step-1", start, number -> step(number, times)).returns(Long.class);
        for (int i = 2; i <= STEPS; i++) {
            last = builder.node("step-" + i, last, number -> step(number, times))
                    .returns(Long.class);
        }
        return builder.build();
    }

    private static Long step(Long number, StepTimes times) {
        times.step(number);
        return number;
    }

    @Override
    public void run(long number) throws InterruptedException {
        if (engine == null || flow == null || times == null) {
            throw new IllegalStateException("not open");
        }
        ExecutionResult result =
                engine.executeFromTrigger(flow, TRIGGER, number).await();
        times.ended(number);
        if (result.status() != ExecutionStatus.COMPLETED) {
            throw new IllegalStateException("ended " + result.status() + ": " + result.failure());
        }
    }

    @Override
    public void close() {
        if (engine != null) {
            engine.close();
        }
    }
}
