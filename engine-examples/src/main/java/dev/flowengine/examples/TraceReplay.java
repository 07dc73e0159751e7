package dev.flowengine.examples;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.execution.ExecutionResult;
import java.util.List;

/**
 * A trace that is ready to be replayed.
 *
 * @param flow the trace as a flow
 * @param graph its tasks as numbers
 * @param analysis what is known before it runs
 */
record TraceReplay(TraceFlow flow, TaskGraph graph, TraceAnalysis analysis) {

    /**
     * Prepares a trace.
     *
     * @throws InvalidTraceException if tasks wait for each other in a circle
     */
    static TraceReplay of(WfTrace trace) {
        TraceFlow flow = TraceFlow.of(trace); // first: what follows needs a trace without circles
        TaskGraph graph = TaskGraph.of(trace);
        return new TraceReplay(flow, graph, TraceAnalysis.of(graph));
    }

    /**
     * Replays the trace.
     *
     * @param speed recorded seconds for each second that passes
     * @param workers how many tasks may run at once
     * @param listeners are told of everything that happens
     */
    ReplayOutcome run(double speed, int workers, List<ExecutionListener> listeners) throws InterruptedException {
        ReplayClock clock = new ReplayClock(speed);
        FlowEngineBuilder builder = FlowEngine.builder().bodyThreads(workers);
        listeners.forEach(builder::listener);
        try (FlowEngine engine = builder.build()) {
            long begin = System.nanoTime();
            ExecutionResult result = engine.executeFromTrigger(flow.flow(), flow.trigger(), clock)
                    .await();
            long wallNanos = System.nanoTime() - begin;
            int width = TraceWidth.upTo(graph, analysis.widestLevel(), workers);
            return new ReplayOutcome(
                    this, new ReplaySetting(speed, workers, width), wallNanos, clock.busyNanos(), result);
        }
    }
}
