package dev.flowengine.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.execution.CompensationState;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.CompensationStatus;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.JavaCodec;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;

/**
 * Random graphs whose nodes can be undone, or not. {@code flowengine.test.sagaSeeds} says how many; a failure prints its seed,
 * and {@code -Dflowengine.test.seed=N} runs that one alone. What listeners were told of completions is the oracle.
 */
@Timeout(300)
class RandomSagasTest {
    private static final int SEEDS = Integer.getInteger("flowengine.test.sagaSeeds", 150);
    private static final Long ONLY_SEED = Long.getLong("flowengine.test.seed");

    private final Watch watch = new Watch();

    @WithThreads
    @DisplayName("S26 every completed node that can be undone is, exactly once, the last that completed first")
    void in_memory(int threads) {
        try (FlowEngine engine = Engines.builder(threads)
                .listener(watch)
                .cancelGrace(Duration.ofSeconds(20))
                .build()) {
            mustHold(engine);
        }
    }

    @WithThreads
    @DisplayName("S26 S41 likewise on a store")
    void on_a_store(int threads) {
        try (FlowEngine engine = Engines.builder(threads)
                .listener(watch)
                .cancelGrace(Duration.ofSeconds(20))
                .store(new InMemoryExecutionStore())
                .codec(new JavaCodec())
                .sweepInterval(Duration.ofMillis(20))
                .build()) {
            mustHold(engine);
        }
    }

    private void mustHold(FlowEngine engine) {
        long first = ONLY_SEED == null ? 0 : ONLY_SEED;
        long end = ONLY_SEED == null ? SEEDS : ONLY_SEED + 1;
        int compensated = 0;
        for (long seed = first; seed < end; seed++) {
            try {
                compensated += mustHold(engine, seed) ? 1 : 0;
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
        assertThat(compensated).as("executions that had something to undo").isGreaterThan((int) (end - first) / 4);
    }

    /** False if there was nothing to undo. */
    private boolean mustHold(FlowEngine engine, long seed) {
        Saga saga = new Saga(engine, seed, true);
        FlowExecution run = engine.executeFromTrigger(saga.flow(), "t", 1);
        ExecutionResult result = watch.ended(run);
        List<Undoable> expected = new ArrayList<>();
        if (saga.policy.appliesTo(result.status())) {
            watch.events(run).stream()
                    .filter(NodeCompleted.class::isInstance)
                    .map(NodeCompleted.class::cast)
                    .filter(event -> event.handledFailure().isEmpty())
                    .flatMap(event -> saga.undoable(event.nodeId()).stream())
                    .forEach(expected::add);
            Collections.reverse(expected);
        }

        assertThat(saga.undone)
                .containsExactlyElementsOf(expected.stream()
                        .flatMap(each -> each.attempts().stream())
                        .toList());
        assertThat(result.compensations())
                .extracting(CompensationState::nodeId, CompensationState::status)
                .containsExactlyElementsOf(expected.stream()
                        .map(each -> tuple(
                                each.id(), each.succeeds() ? CompensationStatus.COMPLETED : CompensationStatus.FAILED))
                        .toList());
        if (saga.isDeterministic()) {
            FlowExecution plain = engine.executeFromTrigger(new Saga(engine, seed, false).flow(), "t", 1);
            ExecutionResult without = watch.ended(plain);
            assertThat(Watch.states(run)).as("S16 as without compensations").isEqualTo(Watch.states(plain));
            assertThat(result.status()).isEqualTo(without.status());
        }
        return !expected.isEmpty();
    }

    /** How a node can be undone: at the first attempt, at the second, or not at all. */
    private record Undoable(String id, int failures) {

        static final int MOST_ATTEMPTS = 2;

        boolean succeeds() {
            return failures < MOST_ATTEMPTS;
        }

        List<String> attempts() {
            List<String> attempts = new ArrayList<>();
            for (int attempt = 1; attempt <= Math.min(failures + 1, MOST_ATTEMPTS); attempt++) {
                attempts.add(id + "#" + attempt);
            }
            return attempts;
        }
    }

    /** A random graph. */
    private static final class Saga {
        private static final List<FailureMode> MODES = List.of(FailureMode.values());

        private final FlowEngine engine;
        private final Random random;
        private final CompensationPolicy policy;
        private final FailureMode mode;
        private final FlowDefinition flow;
        private final List<Undoable> undoable = new ArrayList<>();
        private final List<String> undone = new CopyOnWriteArrayList<>();
        private boolean cancels;

        Saga(FlowEngine engine, long seed, boolean compensates) {
            this.engine = engine;
            this.random = new Random(seed);
            List<CompensationPolicy> policies =
                    List.of(CompensationPolicy.onFailure(), CompensationPolicy.onCancel(), CompensationPolicy.always());
            CompensationPolicy drawn = policies.get(random.nextInt(policies.size()))
                    .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(Undoable.MOST_ATTEMPTS));
            this.policy = compensates ? drawn : CompensationPolicy.none();
            this.mode = MODES.get(random.nextInt(MODES.size()));
            this.flow = Flow.definition("saga-" + seed + (compensates ? "" : "-plain"))
                    .failureMode(mode)
                    .compensate(policy);
            flow.add(NodeDefinition.trigger("t", TypeRef.of(Integer.class)));
            int nodes = 2 + random.nextInt(12);
            for (int node = 0; node < nodes; node++) {
                add("n" + node);
                connect(node);
            }
        }

        private void connect(int node) {
            for (int source = 0; source < node; source++) {
                if (random.nextInt(node) < 2) {
                    if (random.nextInt(4) == 0) {
                        flow.after("n" + node, "n" + source);
                    } else {
                        flow.connect("n" + source, "n" + node);
                    }
                }
            }
            flow.connect("t", "n" + node);
        }

        private void add(String id) {
            int kind = random.nextInt(12);
            NodeDefinition.Builder node = NodeDefinition.builder(id).outputType("main", TypeRef.of(Integer.class));
            if (kind == 0 || kind == 1) {
                node.body(context -> {
                    throw new IllegalStateException("fails");
                });
                if (kind == 1) {
                    node.onError(ErrorHandling.fallback(7));
                }
                node.compensation((outputs, context) -> undone.add(id + " although it failed"));
            } else if (kind == 2) {
                cancels = true;
                node.body(context -> {
                    engine.cancel(context.execution().executionId(), "by the dice");
                    return 1;
                });
            } else {
                node.body(context -> 1);
            }
            if (kind > 4) {
                undoable(node, id);
            }
            if (kind > 2 && random.nextInt(4) == 0) {
                node.cpuBound();
            }
            flow.add(node.build());
        }

        private void undoable(NodeDefinition.Builder node, String id) {
            Undoable how = new Undoable(id, random.nextInt(3));
            undoable.add(how);
            node.compensation((outputs, context) -> {
                undone.add(id + "#" + context.attempt());
                assertThat(outputs.asMap()).containsEntry("main", 1);
                if (context.attempt() <= how.failures()) {
                    throw new IllegalStateException("not undone");
                }
            });
        }

        Flow flow() {
            return flow.build();
        }

        List<Undoable> undoable(String id) {
            return undoable.stream().filter(each -> each.id().equals(id)).toList();
        }

        /** Whether the statuses do not depend on who is faster. */
        boolean isDeterministic() {
            return !cancels && mode != FailureMode.FAIL_FAST;
        }
    }
}
