package dev.flowengine.benchmarks;

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
import org.openjdk.jmh.annotations.Warmup;

/** One execution of a layered graph whose nodes might block, but do nothing: virtual threads from Java 21 on. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
public class VirtualThreadBenchmark {

    /** By the engine. */
    @Benchmark
    public ExecutionResult engine(Engine state) throws InterruptedException {
        return state.flow.run();
    }

    /** By a countdown that starts a thread for every node that is ready. */
    @Benchmark
    public Object byHand(ByHand state) throws InterruptedException {
        return state.baseline.run();
    }

    /** The size of the graph. */
    @State(Scope.Benchmark)
    public static class Size {
        /** How many nodes there are besides the root. */
        @Param("10000")
        public int nodes;

        LayeredGraph graph() {
            return LayeredGraph.of(nodes);
        }
    }

    /** An engine whose bodies have threads of their own. */
    @State(Scope.Benchmark)
    public static class Engine {
        private LayeredFlow flow;

        /** Builds engine and flow. */
        @Setup
        public void open(Size size) throws InterruptedException {
            flow = LayeredFlow.blocking(size.graph());
            Completion.requireAll(flow.run());
        }

        /** Closes the engine. */
        @TearDown
        public void close() {
            flow.close();
        }
    }

    /** The hand-written program. */
    @State(Scope.Benchmark)
    public static class ByHand {
        private ThreadPerNodeBaseline baseline;

        /** Builds the graph. */
        @Setup
        public void open(Size size) throws InterruptedException {
            baseline = new ThreadPerNodeBaseline(size.graph(), NodeWork.NOTHING);
            baseline.run().requireComplete();
        }

        /** Stops the threads. */
        @TearDown
        public void close() {
            baseline.close();
        }
    }
}
