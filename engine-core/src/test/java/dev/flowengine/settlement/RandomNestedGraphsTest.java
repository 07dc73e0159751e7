package dev.flowengine.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionEvent;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.oracle.NestedCase;
import dev.flowengine.oracle.NestedGenerator;
import dev.flowengine.oracle.NestedOracle;
import dev.flowengine.testing.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random flows of loops, maps and waits, in each other and among branches, joins and failures. A fiftieth of
 * {@code flowengine.test.seeds} says how many, at least ten; a failure prints its seed, and {@code -Dflowengine.test.seed=N} runs that
 * one alone.
 */
@Timeout(3_600)
class RandomNestedGraphsTest {
    private static final int SEEDS = Math.max(10, Integer.getInteger("flowengine.test.seeds", 20_000) / 50);
    private static final Long ONLY_SEED = Long.getLong("flowengine.test.seed");

    private final BlockingQueue<ExecutionEvent> events = new LinkedBlockingQueue<>();

    @Test
    @DisplayName(
            "S8 S9 S11 S12 S13 S16 S20 S21 S23 S31 S32 S33 S35 R25 in loops and maps, too, graphs settle as the rules say")
    void every_iteration_settles_as_the_rules_say() throws InterruptedException {
        List<FlowEngine> engines = IntStream.of(Engines.threadCounts())
                .mapToObj(threads ->
                        Engines.builder(threads).listener(new Listening()).build())
                .toList();
        long first = ONLY_SEED == null ? 0 : ONLY_SEED;
        long end = ONLY_SEED == null ? SEEDS : ONLY_SEED + 1;
        long iterated = 0;
        try {
            for (long seed = first; seed < end; seed++) {
                iterated += run(seed, engines);
            }
        } finally {
            engines.forEach(FlowEngine::close);
        }
        assertThat(iterated).as("nodes in iterations").isGreaterThan(end - first);
    }

    /** How many nodes settle in iterations. */
    private int run(long seed, List<FlowEngine> engines) throws InterruptedException {
        NestedCase nested = NestedGenerator.generate(seed);
        NestedOracle.Result expected = NestedOracle.solve(nested);
        try {
            NestedFlow flow = new NestedFlow(nested);
            for (FlowEngine engine : engines) {
                new NestedRun(nested, flow, expected).mustMatch(engine, this::eventsOf);
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " (replay with -Dflowengine.test.seed=" + seed + "): " + e.getMessage() + "\n"
                            + nested + expected,
                    e);
        }
        return expected.iterated().size();
    }

    private List<ExecutionEvent> eventsOf(String execution) throws InterruptedException {
        List<ExecutionEvent> told = new ArrayList<>();
        ExecutionEvent event;
        do {
            event = events.poll(60, TimeUnit.SECONDS);
            assertThat(event).as("the next event of %s", execution).isNotNull();
            if (event.executionId().equals(execution)) {
                told.add(event);
            }
        } while (!(event instanceof ExecutionFinished && event.executionId().equals(execution)));
        return told;
    }

    private final class Listening implements ExecutionListener {

        @Override
        public void onEvent(ExecutionEvent event) {
            events.add(event);
        }
    }
}
