package dev.flowengine.persistence;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A run to create, with everything that is known at its start, so that it starts with one write.
 *
 * @param header what never changes of it
 * @param input what it is started with
 * @param state its first state, not terminal
 * @param standing who goes on with it; not ended
 * @param workerId the worker that owns it; present exactly if it is owned
 * @param nodes the first rows of its nodes: what is ready, pinned or reused
 * @param audit the first audit rows
 */
public record NewRun(
        RunHeader header,
        RunInput input,
        RunState state,
        Standing standing,
        Optional<String> workerId,
        List<NodeRecord> nodes,
        List<AuditRecord> audit) {

    /** Copies the lists; refuses null, a row named twice, a run that has ended, and one that is owned by nobody. */
    public NewRun {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(input, "input");
        nodes = List.copyOf(nodes);
        audit = List.copyOf(audit);
        RunBatch.refuseTwice(nodes, List.of());
        if (state.status().isTerminal() || standing instanceof Standing.Ended) {
            throw new IllegalArgumentException("a run begins before it ends");
        }
        if (standing instanceof Standing.Owned != workerId.isPresent()) {
            throw new IllegalArgumentException("a run that is owned, and no other, names its worker");
        }
    }

    /**
     * A run that its creator goes on with.
     *
     * @param header what never changes of it
     * @param input what it is started with
     * @param state its first state
     * @param workerId the worker that owns it
     * @return a run without nodes and audit rows
     */
    public static NewRun owned(RunHeader header, RunInput input, RunState state, String workerId) {
        return new NewRun(header, input, state, Standing.owned(), Optional.of(workerId), List.of(), List.of());
    }

    /**
     * A run that some worker is to go on with.
     *
     * @param header what never changes of it
     * @param input what it is started with
     * @param state its first state
     * @param standing when
     * @return a run without nodes and audit rows
     */
    public static NewRun unowned(RunHeader header, RunInput input, RunState state, Standing standing) {
        return new NewRun(header, input, state, standing, Optional.empty(), List.of(), List.of());
    }

    /**
     * The same with rows of its nodes.
     *
     * @param rows what is ready, pinned or reused
     * @return a copy
     */
    public NewRun withNodes(List<NodeRecord> rows) {
        return new NewRun(header, input, state, standing, workerId, rows, audit);
    }

    /**
     * The same with audit rows.
     *
     * @param rows who started it and why
     * @return a copy
     */
    public NewRun withAudit(List<AuditRecord> rows) {
        return new NewRun(header, input, state, standing, workerId, nodes, rows);
    }
}
