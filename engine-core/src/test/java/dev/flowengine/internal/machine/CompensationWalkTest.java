package dev.flowengine.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Random signals to a machine that compensates, without threads. A tenth of {@code flowengine.test.seeds} says how many walks;
 * {@code -Dflowengine.test.seed=N} takes one alone.
 */
class CompensationWalkTest {
    private static final int WALKS = Integer.getInteger("flowengine.test.seeds", 20_000) / 10;
    private static final Long ONLY_SEED = Long.getLong("flowengine.test.seed");

    @Test
    @DisplayName(
            "S26 S44 R28 whatever is told while it compensates: one at a time, in order, an end, and nothing after it")
    void no_order_of_signals_breaks_it() {
        long first = ONLY_SEED == null ? 0 : ONLY_SEED;
        long end = ONLY_SEED == null ? WALKS : ONLY_SEED + 1;
        int whole = 0;
        for (long seed = first; seed < end; seed++) {
            Walk walk = new Walk(new Random(seed));
            try {
                whole += walk.walk() ? 1 : 0;
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ": " + walk.log, failure);
            }
        }
        if (ONLY_SEED == null && WALKS >= 1_000) {
            assertThat(whole).as("walks that undid everything").isBetween(WALKS / 10, WALKS * 9 / 10);
        }
    }

    /** An attempt that is out. */
    private record Out(int node, int ticket) {}

    /** One execution. */
    private static final class Walk implements CommandExecutor {
        private final Random random;
        private final Machine driven;
        private final ExecutionMachine machine;
        private final Compensating compensating;
        private final List<String> log = new ArrayList<>();
        private final List<String> begun = new ArrayList<>();
        private final List<Integer> spent = new ArrayList<>();
        private final int nodes;
        private @Nullable Out out;
        private boolean closed;
        private boolean left;
        private boolean expired;

        Walk(Random random) {
            this.random = random;
            this.nodes = 1 + random.nextInt(4);
            this.driven = Machine.ofTrigger(flow(nodes));
            this.machine = driven.machine;
            this.compensating = Objects.requireNonNull(machine.compensating());
        }

        private static FlowDefinition flow(int nodes) {
            FlowDefinition flow = Flow.definition("walk").trigger("t").compensate(CompensationPolicy.always());
            for (int i = 0; i < nodes; i++) {
                flow.add(NodeDefinition.builder("n" + i)
                                .body(context -> 1)
                                .compensation((outputs, context) -> {})
                                .build())
                        .connect(i == 0 ? "t" : "n" + (i - 1), "n" + i);
            }
            return flow.add(Machine.node("last")).connect("n" + (nodes - 1), "last");
        }

        /** False if it was not given the time to undo everything. */
        boolean walk() {
            driven.start();
            carryOut();
            for (int i = 0; i < nodes; i++) {
                driven.complete("n" + i);
                carryOut();
            }
            ExecutionStatus end = beginToEnd();
            carryOut();
            assertThat(machine.status()).isEqualTo(ExecutionStatus.COMPENSATING);
            for (int i = 0; i < 12 && !isOver(); i++) {
                signal();
                carryOut();
            }
            while (!isOver()) {
                answer(true, null);
                carryOut();
            }
            check(end);
            return !closed && !left && !expired;
        }

        private ExecutionStatus beginToEnd() {
            if (random.nextBoolean()) {
                driven.fail("last");
                return ExecutionStatus.FAILED;
            }
            machine.cancel(Machine.reason("enough"));
            driven.complete("last");
            return ExecutionStatus.CANCELLED;
        }

        private boolean isOver() {
            return machine.status().isTerminal() || (left && out == null);
        }

        private void signal() {
            int dice = random.nextInt(30);
            if (dice == 0) {
                tell("halt", () -> machine.halt(Machine.reason("closing")));
                closed = true;
            } else if (dice == 1 && !closed) {
                tell("release", machine::release);
                left = true;
            } else if (dice == 2) {
                tell("terminate", machine::terminate);
            } else if (dice == 3 && random.nextInt(3) == 0) {
                tell("expired", compensating::expired);
                expired = true;
            } else if (dice < 7) {
                tell("pause", machine::pause);
                tell("resume", machine::resume);
                tell("cancel", () -> machine.cancel(Machine.reason("late")));
                tell("expire", () -> machine.expire(Machine.reason("late")));
            } else if (dice < 10 && !spent.isEmpty()) {
                int ticket = spent.get(random.nextInt(spent.size()));
                assertThat(compensating.completed(ticket)).as("a late answer").isFalse();
                assertThat(compensating.failed(ticket, failure(), Duration.ZERO))
                        .isFalse();
            } else if (dice < 13 && out != null) {
                Out withdrawn = out;
                out = null;
                spent.add(withdrawn.ticket());
                tell("again " + withdrawn, () -> compensating.again(withdrawn.ticket()));
            } else {
                answer(random.nextInt(3) == 0, random.nextInt(4) == 0 ? null : Duration.ofSeconds(random.nextInt(2)));
            }
        }

        private void answer(boolean well, @Nullable Duration retryIn) {
            Out answered = out;
            if (answered != null) {
                out = null;
                spent.add(answered.ticket());
                tell(
                        (well ? "done " : "failed ") + answered,
                        () -> assertThat(
                                        well
                                                ? compensating.completed(answered.ticket())
                                                : compensating.failed(answered.ticket(), failure(), retryIn))
                                .isTrue());
            }
        }

        private void tell(String what, Runnable signal) {
            log.add(what);
            signal.run();
        }

        private void carryOut() {
            machine.effects().drainCommands(this);
            driven.changes();
            driven.starts();
            Out givenUp = out;
            if (givenUp != null && machine.status().isTerminal()) {
                out = null;
                spent.add(givenUp.ticket());
            }
        }

        private void check(ExecutionStatus end) {
            assertThat(machine.status()).isEqualTo(left && !machine.status().isTerminal() ? machine.status() : end);
            List<String> order = IntStream.range(0, nodes)
                    .mapToObj(i -> "n" + (nodes - 1 - i))
                    .toList();
            assertThat(order).startsWith(begun.toArray(String[]::new));
            CompensationView view = machine.compensations();
            List<CompensationStatus> statuses =
                    IntStream.range(0, nodes).mapToObj(view::status).toList();
            if (machine.status().isTerminal()) {
                assertThat(statuses).allMatch(CompensationStatus::isSettled);
            }
            if (!closed && !left && !expired) {
                assertThat(begun).isEqualTo(order);
                assertThat(statuses).doesNotContain(CompensationStatus.CANCELLED);
            }
            for (int ticket : spent) {
                assertThat(compensating.failed(ticket, failure(), Duration.ZERO))
                        .isFalse();
            }
            compensating.expired();
            machine.terminate();
            machine.cancel(Machine.reason("too late"));
            assertThat(machine.status().isTerminal() || left).isTrue();
        }

        private static NodeFailure failure() {
            FlowError error = new FlowError(FailureKind.NODE_EXECUTION_FAILED, "a.B", "boom", "", "n", 1, "");
            return new NodeFailure(error, null);
        }

        @Override
        public void closeItems(ItemSource source) {
            throw new AssertionError("there is no map");
        }

        @Override
        public void beginCompensations() {
            log.add("(begins)");
        }

        @Override
        public void compensate(int node, int ticket, int attempt, Duration delay) {
            assertThat(out).as("one at a time").isNull();
            assertThat(closed || left).as("nothing starts any more").isFalse();
            String id = "n" + (node - 1);
            log.add("(undo " + id + " " + attempt + ")");
            if (begun.isEmpty() || !begun.get(begun.size() - 1).equals(id)) {
                begun.add(id);
            }
            out = new Out(node, ticket);
        }

        @Override
        public void leave() {
            assertThat(left).isTrue();
        }

        @Override
        public void backOff(int node, int ticket, Duration delay) {}

        @Override
        public void await(int node, int ticket, Suspension suspension) {}

        @Override
        public void wake(int node) {}

        @Override
        public void limit(int node) {}

        @Override
        public void disarm(int node) {}

        @Override
        public void recover(int node, int ticket, NodeFailure failure) {}

        @Override
        public void abandon(int node) {}

        @Override
        public void hold() {}

        @Override
        public void release() {}

        @Override
        public void stop() {}
    }
}
