package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.model.NodeStatus;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeKey;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.Standing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads and instants are kept as they are. */
abstract class ValueClauses extends Clauses {

    ValueClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, 65_536, 10 << 20})
    void payloads_of_any_bytes_are_kept(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Payload payload = Payload.of("application/octet-stream", bytes);
        RunInput input = new RunInput(Optional.of(payload), Optional.empty());
        NewRun run = NewRun.owned(Samples.header("r"), input, Samples.RUNNING, WORKER);
        NodeRecord node =
                Samples.queued("n").settled(NodeStatus.COMPLETED, NodeResult.fired("main", payload), Samples.NOON);

        own(run);
        apply(RunBatch.of("r", 1, 1).insert(node).build());
        store.post("r", Message.signal("m", "s", "", payload));

        RunImage image = image("r");
        assertThat(image.input()).isEqualTo(input);
        assertThat(image.nodes()).containsExactly(node);
        assertThat(image.messages().get(0).message().payload()).contains(payload);
    }

    @Test
    void an_output_that_is_not_kept_is_not_an_empty_one() {
        long epoch = own("r");
        NodeRecord node = Samples.queued("n")
                .settled(
                        NodeStatus.COMPLETED,
                        NodeResult.fired(Map.of("empty", Samples.payload("")), List.of("absent", "empty")),
                        Samples.NOON);

        apply(RunBatch.of("r", epoch, 1).insert(node).build());

        assertThat(image("r").nodes()).containsExactly(node);
    }

    @Test
    void instants_are_kept_to_the_microsecond_from_the_first_to_the_last() {
        List<Instant> instants =
                List.of(Instant.MIN, Instant.EPOCH, Instant.parse("2026-03-29T01:30:00.000001Z"), Instant.MAX);
        for (Instant instant : instants) {
            String id = "r" + instant;
            RunHeader header = RunHeader.of(id, Samples.FLOW, "placed", instant).build();
            own(Samples.owned(header, WORKER));
            NodeRecord node = NodeRecord.queued(NodeKey.of("n", 1), instant);
            apply(RunBatch.of(id, 1, 1)
                    .insert(node)
                    .standing(Standing.due(instant))
                    .build());

            assertThat(image(id).run().header()).isEqualTo(header);
            assertThat(image(id).nodes()).containsExactly(node);
            assertThat(ownership(id).standing()).isEqualTo(Standing.due(instant));
        }
    }
}
