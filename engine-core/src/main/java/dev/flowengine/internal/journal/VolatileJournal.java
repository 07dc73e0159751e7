package dev.flowengine.internal.journal;

import dev.flowengine.internal.attempt.TransactionalStep;
import dev.flowengine.internal.machine.CompensationView;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.Iteration;
import dev.flowengine.node.Blob;
import dev.flowengine.node.TypeRef;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Keeps nothing: what is decided is shown at once. */
public final class VolatileJournal implements Journal {

    private @Nullable DoneSteps steps;

    /** Creates a journal. */
    public VolatileJournal() {}

    @Override
    public boolean commit(ExecutionMachine machine, Runnable then, boolean mayWait) {
        return true;
    }

    @Override
    public boolean mayRunAhead(ExecutionMachine machine) {
        // There is nothing to be ahead of.
        return false;
    }

    @Override
    public void committed(ExecutionMachine machine) {
        // It has been shown already.
    }

    @Override
    public NodeTable nodes(ExecutionMachine machine) {
        return machine.nodes();
    }

    @Override
    public ExecutionStatus status(ExecutionMachine machine) {
        return machine.status();
    }

    @Override
    public CompensationView compensations(ExecutionMachine machine) {
        return machine.compensations();
    }

    @Override
    public int settledNodes(ExecutionMachine machine) {
        return machine.settledNodes();
    }

    @Override
    public void acted(String action, String detail) {
        // Nobody asks.
    }

    @Override
    public void started(int node) {
        // Nobody asks.
    }

    @Override
    public boolean mayStart(Runnable later) {
        return true;
    }

    @Override
    public void checkOwned() {
        // Nobody else could have it.
    }

    @Override
    public long fencingToken() {
        return 1;
    }

    @Override
    public void startsOnce(int node, int attempt) {
        // What is lost here is lost altogether: nobody will start it again.
    }

    @Override
    public <T extends @Nullable Object> T step(
            int node, Iteration iteration, String name, TypeRef<T> type, Callable<? extends T> body) throws Exception {
        return steps().done(new DoneSteps.Key(node, iteration, name), type, body, (value, kept) -> kept.accept(null));
    }

    @Override
    public <T extends @Nullable Object> T transactionalStep(
            int node, Iteration iteration, TransactionalStep<?, T> step) {
        throw StepTransactions.notOffered(step.resource());
    }

    @Override
    public Blob blob(int node, Blob.Content content) {
        throw Blobs.noStore(List.of(), "a node writes a blob");
    }

    /** Made when there is one: most executions have none. */
    private synchronized DoneSteps steps() {
        if (steps == null) {
            steps = new DoneSteps();
        }
        return steps;
    }

    @Override
    public @Nullable Runnable encode(int node, @Nullable Object value, boolean emits, boolean byHand) {
        return null;
    }
}
