package dev.flowengine.benchmarks;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.Items;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.annotations.Warmup;

/** One execution of a map over a stream of numbers, whose body is one node that does next to nothing. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
@State(Scope.Benchmark)
public class MapBenchmark {
    /** How many items there are. */
    @Param({"1000", "10000", "100000"})
    public int items;

    /** How many of them are in work at once. */
    @Param({"1", "16"})
    public int lanes;

    /** Whether what they bring back is joined into a list. */
    @Param({"false", "true"})
    public boolean results;

    private FlowEngine engine;
    private Flow flow;
    private TriggerRef<Integer> count;

    /** Builds engine and flow. */
    @Setup
    public void open() throws InterruptedException {
        engine = FlowEngine.create();
        FlowBuilder f = Flow.builder("map");
        count = f.trigger("count", Integer.class);
        f.<Integer, Integer, Integer>mapOver(
                        "each", count, n -> Items.of(IntStream.range(0, n).boxed()), item -> {
                            var work = f.node("work", item, n -> n + 1);
                            return results ? work : null;
                        })
                .concurrency(lanes);
        flow = f.build();
        Completion.requireAll(run());
    }

    /** Closes the engine. */
    @TearDown
    public void close() {
        engine.close();
    }

    /** From the start to the end of the map. */
    @Benchmark
    public ExecutionResult run() throws InterruptedException {
        return Completion.await(engine.executeFromTrigger(flow, count, items));
    }
}
