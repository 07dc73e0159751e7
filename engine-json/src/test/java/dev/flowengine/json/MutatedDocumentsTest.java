package dev.flowengine.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.extension.DataProblem;
import dev.flowengine.flow.Flow;
import dev.flowengine.node.RunOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Spoiled documents: each is refused with a typed error that has pointers, or is a flow that runs to an end.
 * {@code -Dflowengine.test.seed=N} runs one seed alone.
 */
class MutatedDocumentsTest {
    private static final int SEEDS = 10_000;
    private static final Long ONLY_SEED = Long.getLong("flowengine.test.seed");
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final RunOptions OPTIONS =
            RunOptions.builder().skipDependencyCheck().build();

    private int ran;
    private int refused;

    @Test
    void a_spoiled_document_is_refused_with_pointers_or_runs() {
        long first = ONLY_SEED == null ? 0 : ONLY_SEED;
        long end = ONLY_SEED == null ? SEEDS : ONLY_SEED + 1;
        try (FlowEngine engine = FlowEngine.builder().cancelGrace(Duration.ZERO).build()) {
            for (long seed = first; seed < end; seed++) {
                byte[] document = document(seed);
                try {
                    check(document, engine);
                } catch (Throwable e) {
                    throw new AssertionError(
                            "seed " + seed + " (replay with -Dflowengine.test.seed=" + seed + "): "
                                    + shown(new String(document, StandardCharsets.UTF_8)),
                            e);
                }
            }
        }
        if (ONLY_SEED == null) {
            assertThat(ran).isGreaterThan(SEEDS / 50);
            assertThat(refused).isGreaterThan(SEEDS / 2);
        }
    }

    private static byte[] document(long seed) {
        Dice dice = new Dice(seed);
        return new Mutations(dice).spoil(FlowJson.write(RandomFlows.of(dice.below(300))));
    }

    private void check(byte[] document, FlowEngine engine) throws IOException, InterruptedException {
        Flow flow;
        try {
            flow = FlowJson.read(new ByteArrayInputStream(document), RandomFlows.TYPES);
        } catch (FlowJsonException wrong) {
            assertThat(wrong.problems()).isNotEmpty().allMatch(MutatedDocumentsTest::isTold);
            refused++;
            return;
        }
        assertThat(FlowJson.write(FlowJson.read(FlowJson.write(flow), RandomFlows.TYPES)))
                .isEqualTo(FlowJson.write(flow));
        for (String trigger : flow.triggers()) {
            FlowExecution execution = engine.executeFromTrigger(flow, trigger, Map.of("v0", 3), OPTIONS);
            // A spoiled policy may repeat, or wait, for years.
            if (execution.await(SHORT).isEmpty()) {
                execution.cancel("too long");
            }
            assertThat(execution.await(PATIENCE)).isPresent();
        }
        ran++;
    }

    private static boolean isTold(DataProblem problem) {
        String pointer = problem.pointer();
        boolean escaped = !pointer.replace("~0", "").replace("~1", "").contains("~");
        return escaped
                && (pointer.isEmpty() || pointer.startsWith("/"))
                && !problem.message().isBlank();
    }

    private static String shown(String text) {
        return text.length() < 5_000 ? text : text.substring(0, 5_000) + "…";
    }
}
