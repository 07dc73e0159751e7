package dev.flowengine.internal.journal;

import dev.flowengine.extension.TimeSource;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.LogLine;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeCounts;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the batches of one run are headed with: who writes, under which epoch, as which revision. For one writer at a time. */
public final class RunWriting {
    private final RunHeader header;
    private final RunInput input;
    private final String workerId;
    private final TimeSource time;
    private volatile long epoch;
    private long revision;
    private boolean created;

    private RunWriting(RunHeader header, RunInput input, String workerId, TimeSource time) {
        this.header = header;
        this.input = input;
        this.workerId = workerId;
        this.time = time;
    }

    /**
     * A run that is yet to be created.
     *
     * @param header what never changes of it
     * @param input what it is started with
     * @param workerId who writes
     * @param time the clock
     * @return its writing
     */
    public static RunWriting begin(RunHeader header, RunInput input, String workerId, TimeSource time) {
        return new RunWriting(header, input, workerId, time);
    }

    /**
     * A run that somebody else has left.
     *
     * @param run what it was left as
     * @param epoch what to write under from now on
     * @param workerId who writes
     * @param time the clock
     * @return its writing
     */
    public static RunWriting goOn(RunRecord run, long epoch, String workerId, TimeSource time) {
        RunWriting writing = new RunWriting(run.header(), RunInput.NONE, workerId, time);
        writing.created = true;
        writing.epoch = epoch;
        writing.revision = run.ownership().revision();
        return writing;
    }

    String workerId() {
        return workerId;
    }

    Instant now() {
        return time.instant();
    }

    boolean isCreated() {
        return created;
    }

    void created(long under) {
        created = true;
        epoch = under;
    }

    String executionId() {
        return header.executionId();
    }

    /** What the run is written under, once it is created. */
    long epoch() {
        return epoch;
    }

    /** Whether a run that is there is the one that was to be created. */
    boolean isOwn(RunRecord run) {
        return run.executionId().equals(header.executionId())
                && run.ownership().workerId().filter(workerId::equals).isPresent();
    }

    /** Whether another run was started with what this one was to be started with. */
    boolean isOfSameInput(RunRecord run) {
        return run.header().inputDigest().equals(header.inputDigest());
    }

    NewRun newRun(Part part) {
        RunState state = part.state() == null ? RunState.open(ExecutionStatus.QUEUED, Optional.empty()) : part.state();
        return NewRun.owned(header, input, state, workerId)
                .withNodes(part.rows().inserted())
                .withAudit(part.audit());
    }

    RunBatch batch(Part part) {
        RunBatch.Builder batch = RunBatch.of(header.executionId(), epoch, revision + 1);
        if (part.state() != null) {
            batch.state(part.state());
        }
        part.rows().inserted().forEach(batch::insert);
        part.rows().updated().forEach(batch::update);
        part.rows().steps().forEach(batch::step);
        part.lines().forEach(batch::log);
        part.audit().forEach(batch::audit);
        part.consumed().forEach(batch::consume);
        return batch.build();
    }

    /** A batch with nothing but what bodies wait for. */
    RunBatch batch(List<Consumer<RunBatch.Builder>> contents) {
        RunBatch.Builder batch = RunBatch.of(header.executionId(), epoch, revision + 1);
        contents.forEach(content -> content.accept(batch));
        return batch.build();
    }

    /** A batch was applied, so that the next one has the number after it. */
    void applied(RunBatch batch) {
        revision = batch.revision();
    }

    RunState state(ExecutionMachine machine, RunScope scope, Instant now) {
        RunState open = RunState.open(
                machine.status().isTerminal() ? ExecutionStatus.RUNNING : machine.status(),
                Optional.of(scope.startedAt()));
        FlowError error = error(machine, scope);
        RunState state = error == null ? open : open.with(error);
        return machine.status().isTerminal()
                ? state.with(counts(scope, machine.nodes())).ended(machine.status(), now)
                : state;
    }

    private static @Nullable FlowError error(ExecutionMachine machine, RunScope scope) {
        FlowException reason = machine.failure();
        if (reason != null) {
            return Texts.storable(new FlowError(
                    reason.kind(),
                    reason.getClass().getName(),
                    Optional.ofNullable(reason.getMessage()).orElse(""),
                    "",
                    "",
                    0,
                    reason.suggestedResolution()));
        }
        boolean failed = machine.status().isTerminal() && machine.status() != ExecutionStatus.COMPLETED;
        NodeFailure failure =
                failed && machine.firstFailed() >= 0 ? scope.nodes().failure(machine.firstFailed()) : null;
        return failure == null ? null : Texts.storable(failure.error());
    }

    private static NodeCounts counts(RunScope scope, NodeTable nodes) {
        int[] counts = new int[4];
        int size = scope.layout().declared();
        for (int node = 0; node < size; node++) {
            switch (nodes.status(node)) {
                case COMPLETED -> counts[0]++;
                case FAILED -> counts[1]++;
                case SKIPPED -> counts[2]++;
                case CANCELLED -> counts[3]++;
                default -> {
                    // Not settled.
                }
            }
        }
        return new NodeCounts(size, counts[0], counts[1], counts[2], counts[3]);
    }

    /**
     * What is written at once.
     *
     * @param state the state of the run from now on; null if it stays as it is
     * @param rows the rows of nodes
     * @param lines what nodes have written; none before the run is created
     * @param audit what happened to the run
     * @param consumed the messages that were acted upon
     */
    record Part(
            @Nullable RunState state,
            RowSet rows,
            List<LogLine> lines,
            List<AuditRecord> audit,
            List<String> consumed) {}
}
