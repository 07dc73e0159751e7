package dev.flowengine.internal.journal;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Ports;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.attempt.TransactionalStep;
import dev.flowengine.internal.machine.Compensating;
import dev.flowengine.internal.machine.CompensationView;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.internal.machine.RestoredCompensations;
import dev.flowengine.internal.machine.ReusedItems;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.LogLine;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.Blob;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.NodeResult;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.Standing;
import dev.flowengine.persistence.StepKey;
import dev.flowengine.persistence.StepRecord;
import dev.flowengine.persistence.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes what one execution decides to a store, one batch at a time. What arrives while a batch is being written makes up
 * the next one. A batch that the store refuses for what is in it is written again without the values of its nodes, by the
 * signal that ends the execution because of that.
 */
public final class DurableJournal implements Journal {
    private final RunWriter writer;
    private final DoneSteps steps = new DoneSteps();
    private final StepTransactions transactions;
    private final RunPayloads payloads;
    private final RunScope scope;
    private final RunWriting writing;
    private final NodeRows rows;
    private final JournalOwner owner;
    private final CompensationSteps undoing;
    private final RunAhead ahead = new RunAhead();
    private final ShownRun shown;
    private final Offload offload;
    private final BitSet noted = new BitSet();
    private RowSet unwritten = new RowSet();
    private final Doings doings;
    private int logged;
    private @Nullable ExecutionStatus writtenStatus;
    private int refusals;
    private Map<Integer, ItemDigests> digests = Map.of();
    private @Nullable FlowException refusal;

    /**
     * Creates the journal of an execution.
     *
     * @param commits writes
     * @param payloads encodes
     * @param scope the execution
     * @param writing knows how far the writing has come
     * @param owner is told what becomes of the execution
     */
    public DurableJournal(
            GroupCommit commits, Payloads payloads, RunScope scope, RunWriting writing, JournalOwner owner) {
        this.writer = new RunWriter(commits, writing, owner::fenced);
        this.transactions = new StepTransactions(commits.store(), writing, owner::fenced);
        this.payloads = payloads.of(scope.executionId());
        this.scope = scope;
        this.writing = writing;
        this.owner = owner;
        this.rows = new NodeRows(scope.layout(), scope.inputs(), scope.times(), writing.workerId());
        this.doings = new Doings(writing.workerId());
        this.undoing = new CompensationSteps(scope.layout(), writing.workerId());
        this.shown = new ShownRun(scope);
        this.offload = new Offload(writer, owner);
        this.logged = scope.reports().linesFrom(0).size();
    }

    /** The execution is taken up where it was left. */
    public void restored(StoredRun restored) {
        restored.rows().forEach((node, found) -> found.forEach(row -> rows.found(row, node)));
        rows.foundStanding(restored.pauses().since());
        restored.image().nodes().forEach(row -> rows.counted(row.seq()));
        RestoredCompensations compensated = restored.compensations();
        if (compensated != null) {
            undoing.found(compensated);
        }
        for (StepRecord step : restored.image().steps()) {
            int node = restored.loops().number(step.key().nodeId(), step.key().iteration());
            if (node >= 0) {
                steps.found(
                        new DoneSteps.Key(
                                node, step.key().iteration(), step.key().name()),
                        type -> payloads.decode(step.result(), type));
            }
        }
        digests = restored.loops().digests();
        writtenStatus = restored.status();
        shown.restored(restored.status());
        acted("recovered", "");
    }

    /**
     * A message has been acted upon.
     *
     * @param messageId its id
     * @param sender who sent it
     * @param action what it asked for
     * @param reason why
     */
    public void consumed(String messageId, String sender, String action, String reason) {
        doings.consumed(messageId, sender, action, reason, writing.now());
    }

    /**
     * What a signal brings.
     *
     * @param message the signal
     * @param type what it is declared to bring
     * @return the value, may be null
     * @throws FlowException of kind {@code SERIALIZATION} if it is no value of that type
     */
    public @Nullable Object received(Message message, TypeRef<?> type) {
        Payload payload = message.payload().orElse(null);
        return payload == null ? null : payloads.decode(payload, type);
    }

    /**
     * A node has taken a signal.
     *
     * @param message the signal
     * @param signal what the node waited for
     * @param node its number
     */
    public void taken(Message message, AwaitedSignal signal, int node) {
        consumed(message.messageId(), message.sender(), "signal", message.name());
        List<String> ports = scope.layout().ports(node);
        if (signal.choices().isEmpty() && !ports.isEmpty() && message.payload().isPresent()) {
            Map<String, Payload> outputs =
                    Map.of(ports.get(0), message.payload().get());
            rows.keep(node, new NodeRows.Kept(outputs, NodeResult.Origin.BODY));
        }
    }

    @Override
    public boolean mayRunAhead(ExecutionMachine machine) {
        boolean may =
                // Nodes of loops begin anew in the rows that are being made of them.
                scope.loops() == null
                        && owner.mayRunAhead()
                        && writing.isCreated()
                        && doings.hasNoMessages()
                        && RunAhead.mayIn(machine.status());
        if (may) {
            ahead.begin();
        }
        return may;
    }

    @Override
    public boolean commit(ExecutionMachine machine, Runnable then, boolean mayWait) {
        Instant now = writing.now();
        addChanges(machine, now);
        boolean entered = machine.status() != writtenStatus;
        if (unwritten.isEmpty() && !entered && doings.hasNoMessages() && !shown.isBehind()) {
            ahead.written();
            return !offload.begins(machine, doings, now, then);
        }
        offload.forget();
        writtenStatus = machine.status();
        RunWriting.Part part = new RunWriting.Part(
                entered ? writing.state(machine, scope, now) : null,
                unwritten,
                newLines(),
                doings.takeAudit(),
                doings.takeMessages());
        boolean createdFirst =
                machine.status().isTerminal() || !unwritten.steps().isEmpty();
        if (!writing.isCreated() && createdFirst) {
            // A run is created before it ends, even if it ends at once, and before it has steps.
            writer.write(
                    new RunWriting.Part(null, new RowSet(), List.of(), List.of(), List.of()),
                    answers(part, () -> write(part, then, false), then),
                    false);
        } else {
            write(part, then, mayWait);
        }
        return false;
    }

    private void addChanges(ExecutionMachine machine, Instant now) {
        machine.effects().peekDelays(rows::waits);
        rows.entered(machine.status(), now);
        List<Integer> inOrder = new ArrayList<>();
        machine.effects()
                .peekChanges(
                        node -> noteChange(node, inOrder),
                        loop -> iterationBegan(loop, machine, now),
                        status -> doings.statusChanged(status, now));
        // In the order of the changes: what needs no body starts, as far as its row says, when its row is made.
        for (int node : inOrder) {
            addRows(node, machine.nodes(), now);
        }
        Compensating compensating = machine.compensating();
        if (compensating != null) {
            undoing.add(compensating.compensations(), now, unwritten, doings::add);
        }
        rows.putOff(machine.status(), machine.nodes(), now).forEach(unwritten::update);
    }

    /**
     * The execution is let go of before anything else happens to it, unless something has happened already.
     *
     * @param standing when somebody is to go on with it
     * @param told how many events have been told of it
     */
    public void offload(Standing standing, long told) {
        offload.ask(standing, told);
    }

    /** What nodes have written since the last batch. If that is refused they are lost: how the execution ends matters more. */
    private List<LogLine> newLines() {
        List<LogLine> lines = scope.reports().linesFrom(logged);
        logged += lines.size();
        return lines.stream().map(Texts::storable).toList();
    }

    @Override
    public void committed(ExecutionMachine machine) {
        FlowException refused = refusal;
        if (refused != null) {
            refusal = null;
            machine.refuse(refused);
            throw refused;
        }
        shown.show(machine);
    }

    @Override
    public NodeTable nodes(ExecutionMachine machine) {
        return shown.nodes();
    }

    @Override
    public ExecutionStatus status(ExecutionMachine machine) {
        return shown.status();
    }

    @Override
    public CompensationView compensations(ExecutionMachine machine) {
        return shown.compensations();
    }

    @Override
    public int settledNodes(ExecutionMachine machine) {
        return shown.settledNodes();
    }

    @Override
    public void acted(String action, String detail) {
        doings.acted(action, detail, writing.now());
    }

    @Override
    public void started(int node) {
        rows.started(node);
    }

    @Override
    public boolean mayStart(Runnable later) {
        return owner.mayStart(later);
    }

    @Override
    public void checkOwned() {
        if (!owner.isOwned()) {
            throw FlowException.of(
                            FailureKind.OWNERSHIP_LOST,
                            "execution " + scope.executionId()
                                    + " goes on in another engine, or may do so: this one could"
                                    + " not renew its lease in time")
                    .suggestedResolution("Do nothing more for it: what this attempt does may not count.")
                    .build();
        }
    }

    @Override
    public long fencingToken() {
        return owner.epoch();
    }

    @Override
    public void startsOnce(int node, int attempt) throws Exception {
        CompletableFuture<Void> written = new CompletableFuture<>();
        writer.started(rows.starting(node, scope.iteration(node), attempt, writing.now()), failure -> {
            if (failure == null) {
                written.complete(null);
            } else {
                written.completeExceptionally(failure);
            }
        });
        DoneSteps.await(written);
    }

    @Override
    public <T extends @Nullable Object> T step(
            int node, Iteration iteration, String name, TypeRef<T> type, Callable<? extends T> body) throws Exception {
        NodeDefinition definition = scope.layout().definition(node);
        ahead.await();
        return steps.done(new DoneSteps.Key(node, iteration, name), type, body, (value, kept) -> {
            String what = "what step '" + name + "' of node '" + definition.id() + "' came to";
            Payload payload = payloads.encode(definition, what, value, type);
            StepKey key = new StepKey(definition.id(), iteration, name);
            writer.record(new StepRecord(key, payload, writing.now()), kept);
        });
    }

    @Override
    public <T extends @Nullable Object> T transactionalStep(int node, Iteration iteration, TransactionalStep<?, T> step)
            throws Exception {
        NodeDefinition definition = scope.layout().definition(node);
        String what = "what step '" + step.name() + "' of node '" + definition.id() + "' came to";
        StepKey key = new StepKey(definition.id(), iteration, step.name());
        ahead.await();
        return steps.done(
                new DoneSteps.Key(node, iteration, step.name()),
                step.type(),
                () -> transactions.done(
                        key, step, value -> payloads.encode(definition, what, value, step.type()), payloads::decode));
    }

    @Override
    public Blob blob(int node, Blob.Content content) throws Exception {
        return payloads.written(scope.layout().definition(node), content);
    }

    @Override
    public boolean isSameItem(int map, int item, @Nullable Object value) {
        ReusedItems reused = scope.inputs().items().get(map);
        if (reused != null && reused.has(item)) {
            return reused.digest(item) == ItemDigests.of(compared(map, value));
        }
        ItemDigests known = digests.get(map);
        return known == null || !known.isOf(scope.iteration(map)) || known.has(item, compared(map, value));
    }

    private Payload compared(int map, @Nullable Object item) {
        return payloads.encodeToCompare(scope.layout().definition(map), Ports.LOOP, item);
    }

    @Override
    public @Nullable Runnable encode(int node, @Nullable Object value, boolean emits, boolean byHand) {
        NodeDefinition definition = scope.layout().definition(node);
        Map<String, Payload> encoded = new LinkedHashMap<>();
        if (emits && value instanceof PortValues values) {
            values.asMap().forEach((port, each) -> encoded.put(port, payloads.encode(definition, port, each)));
        } else if (!definition.shape().outputs().isEmpty()) {
            String port = definition.shape().outputs().get(0);
            encoded.put(port, payloads.encode(definition, port, value));
        }
        NodeRows.Kept kept = new NodeRows.Kept(encoded, origin(node, byHand));
        return () -> rows.keep(node, kept);
    }

    private NodeResult.Origin origin(int node, boolean byHand) {
        boolean mayBeCached = scope.layout().definition(node).cache().isPresent();
        NodeResult.Origin computed =
                mayBeCached && scope.reports().isCached(node) ? NodeResult.Origin.CACHED : NodeResult.Origin.BODY;
        return byHand ? NodeResult.Origin.MANUAL : computed;
    }

    private void write(RunWriting.Part part, Runnable then, boolean mayWait) {
        writer.write(
                part,
                answers(
                        part,
                        () -> {
                            unwritten = new RowSet();
                            refusals = 0;
                            ahead.written();
                            owner.goOn(then);
                        },
                        then),
                mayWait);
    }

    private RunWriter.Answers answers(RunWriting.Part part, Runnable written, Runnable then) {
        return new RunWriter.Answers(
                answer -> created(answer, written),
                answer -> {
                    if (answer.outcome() == BatchAnswer.Outcome.REJECTED) {
                        // What was acted upon still is.
                        doings.stillConsumed(part.consumed());
                    }
                    applied(answer, written, then);
                },
                failure -> failed(failure, then));
    }

    private void created(CreateAnswer answer, Runnable written) {
        switch (answer.outcome()) {
            case CREATED -> {
                writing.created(answer.epoch());
                written.run();
            }
            case EXISTING -> {
                // The answer to an earlier try was lost; somebody else may have the execution by now.
                RunRecord existing = answer.existing().orElseThrow();
                if (writing.isOwn(existing)) {
                    writing.created(existing.ownership().epoch());
                    written.run();
                } else if (existing.executionId().equals(scope.executionId())) {
                    owner.takenOver();
                } else if (writing.isOfSameInput(existing)) {
                    owner.startedBefore(existing.executionId());
                } else {
                    owner.notCreated(KeyConflict.of(
                            existing.header().flow().flowId(),
                            existing.header().key().orElse(""),
                            existing.executionId()));
                }
            }
            case REJECTED ->
                owner.notCreated(StoreException.refused(answer.rejection().orElseThrow()));
        }
    }

    private void applied(BatchAnswer answer, Runnable written, Runnable then) {
        switch (answer.outcome()) {
            case APPLIED -> written.run();
            case FENCED -> {
                ahead.lost(RunWriter.lost());
                owner.fenced();
            }
            case REJECTED -> refused(StoreException.refused(answer.rejection().orElseThrow()), then);
        }
    }

    private void failed(RuntimeException failure, Runnable then) {
        if (failure instanceof GroupCommit.Closed) {
            ahead.lost(failure);
            owner.released();
        } else if (!writing.isCreated()) {
            owner.notCreated(RunWriter.explained(failure));
        } else {
            refused(RunWriter.explained(failure), then);
        }
    }

    /** The execution cannot go on; that it cannot is all that is still written. */
    private void refused(FlowException why, Runnable then) {
        ahead.lost(why);
        writtenStatus = null;
        unwritten.failWhatHasOutputs(why);
        if (++refusals > 1) {
            owner.unwritable(why);
            return;
        }
        refusal = why;
        then.run();
    }

    private void noteChange(int node, List<Integer> inOrder) {
        if (!noted.get(node)) {
            noted.set(node);
            inOrder.add(node);
        }
        shown.changes(node);
    }

    private void iterationBegan(int loop, ExecutionMachine machine, Instant now) {
        unwritten.insert(rows.iterationBegan(loop, machine.nodes(), now));
        shown.iterationBegan(loop);
    }

    private void addRows(int node, NodeTable nodes, Instant now) {
        noted.clear(node);
        List<NodeRecord> inserted = new ArrayList<>(1);
        List<NodeRecord> updated = new ArrayList<>(1);
        rows.add(node, nodes, now, inserted, updated);
        inserted.forEach(unwritten::insert);
        updated.forEach(unwritten::update);
    }
}
