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

/** One execution of a layered graph whose nodes only compute, and do nothing: what scheduling costs. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 3,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
public class LayeredBenchmark {

    /** By the engine, times of nodes not kept. */
    @Benchmark
    public ExecutionResult engine(Engine state) throws InterruptedException {
        return state.flow.run();
    }

    /** By the engine, times of nodes kept. */
    @Benchmark
    public ExecutionResult engineWithTimes(EngineWithTimes state) throws InterruptedException {
        return state.flow.run();
    }

    /** By the engine, times of nodes kept, until a listener has been told of every event in order. */
    @Benchmark
    public ExecutionResult engineObserved(EngineObserved state) throws InterruptedException {
        return state.flow.run();
    }

    /** By an atomic countdown on a ForkJoinPool. */
    @Benchmark
    public Object countdown(Countdown state) throws InterruptedException {
        return state.baseline.run();
    }

    /** By a CompletableFuture per node. */
    @Benchmark
    public void completableFuture(Futures state) {
        state.baseline.run();
    }

    /** The size of the graph. */
    @State(Scope.Benchmark)
    public static class Size {
        /** How many nodes there are besides the root. */
        @Param({"1000", "10000", "100000"})
        public int nodes;

        LayeredGraph graph() {
            return LayeredGraph.of(nodes);
        }
    }

    /** An engine that keeps no times. */
    @State(Scope.Benchmark)
    public static class Engine {
        private LayeredFlow flow;

        /** Builds engine and flow. */
        @Setup
        public void open(Size size) throws InterruptedException {
            flow = LayeredFlow.cpuBound(size.graph(), false);
            Completion.requireAll(flow.run());
        }

        /** Closes the engine. */
        @TearDown
        public void close() {
            flow.close();
        }
    }

    /** An engine that keeps times. */
    @State(Scope.Benchmark)
    public static class EngineWithTimes {
        private LayeredFlow flow;

        /** Builds engine and flow. */
        @Setup
        public void open(Size size) throws InterruptedException {
            flow = LayeredFlow.cpuBound(size.graph(), true);
            Completion.requireAll(flow.run());
        }

        /** Closes the engine. */
        @TearDown
        public void close() {
            flow.close();
        }
    }

    /** An engine that keeps times and has a listener. */
    @State(Scope.Benchmark)
    public static class EngineObserved {
        private LayeredFlow flow;

        /** Builds engine and flow. */
        @Setup
        public void open(Size size) throws InterruptedException {
            flow = LayeredFlow.observed(size.graph());
            Completion.requireAll(flow.run());
        }

        /** Closes the engine. */
        @TearDown
        public void close() {
            flow.close();
        }
    }

    /** The hand-written countdown. */
    @State(Scope.Benchmark)
    public static class Countdown {
        private CountdownBaseline baseline;

        /** Builds the graph. */
        @Setup
        public void open(Size size) throws InterruptedException {
            baseline = new CountdownBaseline(size.graph(), NodeWork.NOTHING);
            baseline.run().requireComplete();
        }

        /** Stops the pool. */
        @TearDown
        public void close() {
            baseline.close();
        }
    }

    /** The hand-written futures. */
    @State(Scope.Benchmark)
    public static class Futures {
        private FutureBaseline baseline;

        /** Builds the graph. */
        @Setup
        public void open(Size size) {
            baseline = new FutureBaseline(size.graph(), NodeWork.NOTHING);
        }

        /** Stops the pool. */
        @TearDown
        public void close() {
            baseline.close();
        }
    }
}
