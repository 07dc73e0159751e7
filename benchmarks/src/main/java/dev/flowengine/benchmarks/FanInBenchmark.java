package dev.flowengine.benchmarks;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.InputPort;
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
import org.openjdk.jmh.annotations.Warmup;

/** One execution of a trigger that feeds so many nodes, all of which lead into one port of one node. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
@State(Scope.Benchmark)
public class FanInBenchmark {
    /** How many nodes are joined. */
    @Param({"100", "1000", "10000"})
    public int width;

    /** Whether the nodes are marked as only computing. */
    @Param({"true", "false"})
    public boolean cpuBound;

    private FlowEngine engine;
    private Flow flow;

    /** Builds engine and flow. */
    @Setup
    public void open() throws InterruptedException {
        engine = FlowEngine.create();
        FlowDefinition definition =
                Flow.definition("fan-in").trigger("t").add(node("join", InputPort.collecting("main")));
        for (int i = 0; i < width; i++) {
            definition
                    .add(node("n" + i, InputPort.required("main")))
                    .connect("t", "n" + i)
                    .connect("n" + i, "join");
        }
        flow = definition.build();
        Completion.requireAll(run());
    }

    private NodeDefinition node(String id, InputPort port) {
        NodeDefinition.Builder node = NodeDefinition.builder(id).inputs(port).body(context -> context.input());
        return cpuBound ? node.cpuBound().build() : node.build();
    }

    /** Closes the engine. */
    @TearDown
    public void close() {
        engine.close();
    }

    /** From the start to the end of the join. */
    @Benchmark
    public ExecutionResult run() throws InterruptedException {
        return Completion.await(engine.executeFromTrigger(flow, "t", 1));
    }
}
