package dev.flowengine.benchmarks;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Executions of a flow of ten nodes, awaited by their callers, on one engine as it is without any setting. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
@State(Scope.Benchmark)
public class SmallFlowBenchmark {
    /** Whether the nodes are marked as only computing. */
    @Param({"true", "false"})
    public boolean cpuBound;

    private FlowEngine engine;
    private OrderSum order;

    /** Builds engine and flow. */
    @Setup
    public void open() throws InterruptedException {
        engine = FlowEngine.create();
        order = new OrderSum(cpuBound);
        Completion.requireAll(run());
    }

    /** Closes the engine. */
    @TearDown
    public void close() {
        engine.close();
    }

    /** One thread starts and awaits one execution after the other. */
    @Benchmark
    @Threads(1)
    public ExecutionResult oneCaller() throws InterruptedException {
        return run();
    }

    /** Eight threads do so at once. */
    @Benchmark
    @Threads(8)
    public ExecutionResult eightCallers() throws InterruptedException {
        return run();
    }

    private ExecutionResult run() throws InterruptedException {
        return Completion.await(engine.executeFromTrigger(order.flow(), order.trigger(), 1));
    }
}
