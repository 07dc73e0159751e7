package dev.flowengine.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.Durability;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.NodeState;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.oracle.CaseGenerator;
import dev.flowengine.oracle.GraphCase;
import dev.flowengine.oracle.OracleResult;
import dev.flowengine.oracle.SettlementOracle;
import dev.flowengine.oracle.ValueDigest;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.tck.FaultyExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.persistence.tck.StoreCall;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.JavaCodec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random flows, kept in a store. {@code flowengine.test.durableSeeds} says how many; a failure prints its seed, and
 * {@code -Dflowengine.test.seed=N} runs that one alone.
 */
class DurableGraphsTest {
    private static final int SEEDS = Integer.getInteger("flowengine.test.durableSeeds", 200);
    private static final Long ONLY_SEED = Long.getLong("flowengine.test.seed");
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    @DisplayName("S41 with a store, random graphs settle as the rules say, and every node has its row")
    void as_the_rules_say() throws InterruptedException {
        InMemoryExecutionStore memory = new InMemoryExecutionStore(1_000_000, 1L << 30, InstantSource.system());
        List<FlowEngine> engines = List.of(
                engine(memory, 1, Durability.SYNC),
                engine(memory, 2, Durability.ASYNC),
                engine(memory, 8, Durability.SYNC));
        try {
            for (long seed = first(); seed < end(); seed++) {
                GraphCase graph = CaseGenerator.generate(seed);
                OracleResult expected = SettlementOracle.solve(graph);
                CaseFlow flow = CaseFlow.of(graph);
                for (FlowEngine engine : engines) {
                    try {
                        new CaseRun(graph, flow, engine).mustMatch(expected);
                    } catch (AssertionError | RuntimeException e) {
                        throw failure(seed, graph, e);
                    }
                }
            }
        } finally {
            engines.forEach(FlowEngine::close);
        }
        memory.query(RunQuery.all(1_000)).runs().forEach(run -> mustHaveRows(memory, run.executionId()));
    }

    @Test
    @DisplayName("R1 R2 S41 an engine lost at a random write of a random graph: another one ends it as it would have")
    void whatever_is_lost() throws InterruptedException {
        try (FlowEngine volatileEngine = Engines.create()) {
            for (long seed = first(); seed < end(); seed++) {
                GraphCase graph = CaseGenerator.generate(seed);
                CaseFlow flow = CaseFlow.of(graph);
                if (SettlementOracle.solve(graph) instanceof OracleResult.Settled && !dependsOnArrival(flow)) {
                    flow.reset();
                    Map<String, String> expected = outcome(
                            new CaseRun(graph, flow, volatileEngine).start().await());
                    try {
                        recovered(graph, flow, new Random(seed))
                                .ifPresent(outcome -> assertThat(outcome).isEqualTo(expected));
                    } catch (AssertionError | RuntimeException e) {
                        throw failure(seed, graph, e);
                    }
                }
            }
        }
    }

    /** What a join takes that fires early depends on what arrives first, which no two executions need share. */
    private static boolean dependsOnArrival(CaseFlow flow) {
        return flow.flow().nodes().stream().anyMatch(node -> node.shape().join().firesEarly());
    }

    /** Empty if the engine was lost before the execution was kept, which its caller is told. */
    private static Optional<Map<String, String>> recovered(GraphCase graph, CaseFlow flow, Random random)
            throws InterruptedException {
        InMemoryExecutionStore memory = new InMemoryExecutionStore();
        FaultyExecutionStore store =
                FaultyExecutionStore.of(memory).counting(Set.of(StoreCall.CREATE, StoreCall.APPLY));
        int write = 1 + random.nextInt(graph.nodes().size() + 1);
        if (random.nextBoolean()) {
            store.dieBefore(write);
        } else {
            store.dieAfter(write);
        }
        flow.reset();
        boolean refused = lose(graph, flow, store, random.nextBoolean() ? Durability.SYNC : Durability.ASYNC);
        flow.reset();
        if (memory.query(RunQuery.all(1)).runs().isEmpty()) {
            assertThat(refused).isTrue();
            return Optional.empty();
        }
        memory.advance(LEASE.multipliedBy(2));
        try (FlowEngine next = engine(memory, 2, Durability.SYNC)) {
            next.register(flow.flow());
            String id = memory.query(RunQuery.all(1)).runs().get(0).executionId();
            FlowExecution run = next.find(id).orElseThrow();
            flow.signals().resend(run);
            ExecutionResult end = run.await(PATIENCE)
                    .orElseThrow(() -> new AssertionError(
                            "has not ended: " + run.snapshot().nodes()));
            mustHaveRows(memory, id);
            return Optional.of(outcome(end));
        }
    }

    /** True if whoever started the execution was told that it may not have been. */
    private static boolean lose(GraphCase graph, CaseFlow flow, FaultyExecutionStore store, Durability durability)
            throws InterruptedException {
        FlowEngine lost = engine(store, 2, durability);
        AtomicBoolean ended = new AtomicBoolean();
        AtomicReference<@Nullable FlowException> refused = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                new CaseRun(graph, flow, lost).start().completion().whenComplete((end, gone) -> ended.set(true));
            } catch (FlowException interrupted) {
                refused.set(interrupted);
            }
        });
        caller.start();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> store.isDead() || ended.get() || refused.get() != null);
        caller.interrupt();
        caller.join();
        lost.close(Duration.ZERO);
        return refused.get() != null;
    }

    /** What became of each node, without what depends on how often it was tried. */
    private static Map<String, String> outcome(ExecutionResult end) {
        Map<String, String> outcome = new TreeMap<>();
        for (NodeState node : end.snapshot().nodes()) {
            String values = node.status() == NodeStatus.COMPLETED
                    ? node.firedPorts().stream()
                            .map(port -> port + "="
                                    + ValueDigest.render(
                                            end.outputs(node.nodeId()).asMap().get(port)))
                            .collect(Collectors.joining(" "))
                    : node.failure().map(error -> error.type()).orElse("");
            outcome.put(
                    node.nodeId(),
                    node.status() + " " + node.skipReason().map(Enum::name).orElse("") + " " + values);
        }
        outcome.put("", end.status().name());
        return outcome;
    }

    /** Of an execution that has ended, every node of its scope has a settled row. */
    private static void mustHaveRows(ExecutionStore store, String id) {
        List<NodeRecord> rows = store.load(id).orElseThrow().nodes();
        Set<String> settled = rows.stream()
                .filter(row -> row.status().isSettled())
                .map(row -> row.key().nodeId())
                .collect(Collectors.toSet());
        assertThat(settled)
                .containsExactlyInAnyOrderElementsOf(
                        store.find(id).orElseThrow().header().affectedNodes());
        assertThat(rows).allMatch(row -> row.status().isSettled());
    }

    private static FlowEngine engine(ExecutionStore store, int threads, Durability durability) {
        FlowEngineBuilder builder = Engines.builder(threads)
                .store(store)
                .codec(new JavaCodec())
                .durability(durability)
                .lease(LEASE)
                .sweepInterval(Duration.ofMillis(20))
                .cancelGrace(Duration.ofMillis(200));
        return builder.build();
    }

    private static long first() {
        return ONLY_SEED == null ? 0 : ONLY_SEED;
    }

    private static long end() {
        return ONLY_SEED == null ? SEEDS : ONLY_SEED + 1;
    }

    private static AssertionError failure(long seed, GraphCase graph, Throwable cause) {
        return new AssertionError(
                "seed " + seed + " (replay with -Dflowengine.test.seed=" + seed + "): " + cause.getMessage() + "\n"
                        + graph,
                cause);
    }
}
