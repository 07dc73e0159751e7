package dev.flowengine.persistence.tck;

import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.RunBatch;
import java.util.Collection;
import java.util.Optional;

/** About how many bytes things take: payloads and long texts as they are, and the same for every row. */
final class Weight {
    private static final long ROW = 256;

    private Weight() {}

    static long of(NewRun run) {
        return ROW
                + of(run.input().data())
                + of(run.input().options())
                + ofNodes(run.nodes())
                + run.audit().size() * ROW;
    }

    static long of(RunBatch batch) {
        return ofNodes(batch.inserted())
                + ofNodes(batch.updated())
                + batch.steps().stream()
                        .mapToLong(step -> ROW + step.result().size())
                        .sum()
                + batch.logs().stream()
                        .mapToLong(line -> ROW + 2L * line.text().length())
                        .sum()
                + batch.audit().size() * ROW;
    }

    static long of(Message message) {
        return ROW + of(message.payload());
    }

    private static long ofNodes(Collection<NodeRecord> rows) {
        return rows.stream().mapToLong(Weight::of).sum();
    }

    private static long of(NodeRecord row) {
        long payloads = row.result().outputs().values().stream()
                .mapToLong(Payload::size)
                .sum();
        return ROW
                + payloads
                + row.result()
                        .error()
                        .map(error -> 2L
                                * (error.message().length() + error.stackText().length()))
                        .orElse(0L);
    }

    private static long of(Optional<Payload> payload) {
        return payload.map(Payload::size).orElse(0);
    }
}
