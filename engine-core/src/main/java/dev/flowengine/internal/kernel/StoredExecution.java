package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.NodeControl;
import dev.flowengine.execution.Progress;
import dev.flowengine.flow.Flow;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageType;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunRecord;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An execution that goes on elsewhere, or waits to be gone on with: seen and reached through the store. */
final class StoredExecution implements PausedFor {
    private final String executionId;
    private final String flowId;
    private final DurableRuns runs;
    private final Reader reader;
    private final AwaitedEnd end;

    /**
     * Creates a handle.
     *
     * @param executionId the execution
     * @param flowId its flow
     * @param runs has the store
     * @param reader reads what is kept
     * @param patience whether who waits for its end would rather wait until that can be read than be told that it cannot
     */
    StoredExecution(String executionId, String flowId, DurableRuns runs, Reader reader, BooleanSupplier patience) {
        this.executionId = executionId;
        this.flowId = flowId;
        this.runs = runs;
        this.reader = reader;
        this.end = new AwaitedEnd(executionId, new RunOutcome(executionId, runs.delivery()), false, runs, patience);
    }

    @Override
    public String id() {
        return executionId;
    }

    @Override
    public String flowId() {
        return flowId;
    }

    @Override
    public ExecutionStatus status() {
        return record().state().status();
    }

    private RunRecord record() {
        return runs.store().find(executionId).orElseThrow(() -> Lookup.notFound(executionId));
    }

    @Override
    public ExecutionSnapshot snapshot() {
        return reader.result(image()).last();
    }

    @Override
    public Progress progress() {
        return snapshot().progress();
    }

    @Override
    public ExecutionStatus pause(String why) {
        return post(MessageType.PAUSE, why);
    }

    @Override
    public ExecutionStatus resume(String why) {
        return post(MessageType.RESUME, why);
    }

    @Override
    public ExecutionStatus cancel(String reason) {
        return post(MessageType.CANCEL, Objects.requireNonNull(reason, "reason"));
    }

    @Override
    public ExecutionStatus signal(String name, @Nullable Object payload, String signalId) {
        FlowSignals.requireUnreserved(name);
        RunRecord run = record();
        ExecutionStatus met = run.state().status();
        if (met.isTerminal()) {
            return met;
        }
        Optional<Flow> flow = runs.flow(run.header().flow());
        return post(
                met,
                flow.isEmpty()
                        ? runs.message(name, payload, signalId)
                        : runs.message(
                                executionId,
                                flow.get(),
                                FlowSignals.require(flow.get(), name, payload),
                                payload,
                                signalId));
    }

    @Override
    public NodeControl node(String nodeId) {
        RunRecord run = record();
        if (runs.recalls().mayRecall(run) && runs.flow(run.header().flow()).isPresent()) {
            if (snapshot().node(nodeId).isEmpty()) {
                throw NodeInterventions.notFound(this, nodeId);
            }
            return new RecalledNode(executionId, nodeId, runs);
        }
        throw FlowException.of(
                        FailureKind.INVALID_FLOW_STATE,
                        "execution " + executionId + " goes on in another engine, where alone something can be done to"
                                + " its node '" + nodeId + "'")
                .affectedNodes(List.of(nodeId))
                .suggestedResolution("Ask the engine that owns the execution.")
                .build();
    }

    @Override
    public ExecutionResult await() throws InterruptedException {
        return end.await();
    }

    @Override
    public Optional<ExecutionResult> await(Duration timeout) throws InterruptedException {
        return end.await(timeout);
    }

    @Override
    public CompletionStage<ExecutionResult> completion() {
        return end.completion();
    }

    private ExecutionStatus post(MessageType type, String reason) {
        ExecutionStatus met = status();
        return met.isTerminal()
                ? met
                : post(met, Message.control(UUID.randomUUID().toString(), type, "", reason));
    }

    private ExecutionStatus post(ExecutionStatus met, Message message) {
        return switch (runs.store().post(executionId, message)) {
            case POSTED, DUPLICATE -> {
                runs.posted(executionId);
                yield met;
            }
            case TERMINAL -> status();
            case NOT_FOUND -> throw Lookup.notFound(executionId);
        };
    }

    private RunImage image() {
        return runs.store().load(executionId).orElseThrow(() -> Lookup.notFound(executionId));
    }

    /** Reads what there is to see of an execution. */
    interface Reader {

        /** What there is to see, though it may not have ended. */
        RunResult result(RunImage image);

        /** The same; where its edition of the flow is not known, as far as another edition can tell what was kept. */
        RunResult result(RunImage image, Flow other);
    }
}
