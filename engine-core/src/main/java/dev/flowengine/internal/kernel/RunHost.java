package dev.flowengine.internal.kernel;

import dev.flowengine.internal.attempt.Attempt;
import dev.flowengine.internal.attempt.AttemptHost;
import dev.flowengine.internal.attempt.CachedResults;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.attempt.TransactionalStep;
import dev.flowengine.internal.journal.Journal;
import dev.flowengine.internal.journal.VolatileJournal;
import dev.flowengine.internal.machine.ItemSource;
import dev.flowengine.internal.machine.Signal;
import dev.flowengine.internal.scheduling.BodyTask;
import dev.flowengine.internal.scheduling.RunLoop;
import dev.flowengine.model.Iteration;
import dev.flowengine.node.Blob;
import dev.flowengine.node.NodeInterceptor;
import dev.flowengine.node.TypeRef;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What the attempts of one execution see of it. */
final class RunHost implements AttemptHost {
    private final EngineServices services;
    private final RunScope scope;
    private final RunLoop loop;
    private final RunCommands commands;
    private final Journal journal;
    private final boolean observed;
    private final boolean kept;

    RunHost(EngineServices services, RunScope scope, RunLoop loop, RunCommands commands, Journal journal) {
        this.journal = journal;
        this.services = services;
        this.scope = scope;
        this.loop = loop;
        this.commands = commands;
        this.observed = services.events().hasListeners();
        this.kept = !(journal instanceof VolatileJournal);
    }

    @Override
    public RunScope scope() {
        return scope;
    }

    @Override
    public List<NodeInterceptor> interceptors() {
        return services.interceptors();
    }

    @Override
    public @Nullable CachedResults results() {
        return services.results();
    }

    @Override
    public void reported(int node) {
        loop.post(new Told(machine -> machine.reported(node)));
    }

    @Override
    public Instant now() {
        return services.time().instant();
    }

    @Override
    public boolean mayStart() {
        return commands.mayStart();
    }

    @Override
    public boolean holdsBack(BodyTask body) {
        return !journal.mayStart(() -> services.bodyThreads().start(body));
    }

    @Override
    public void checkOwned() {
        journal.checkOwned();
    }

    @Override
    public long fencingToken() {
        return journal.fencingToken();
    }

    @Override
    public boolean isCancelled() {
        return commands.isCancelled();
    }

    @Override
    public boolean isInterrupting() {
        return commands.isInterrupting();
    }

    @Override
    public void startsOnce(Attempt attempt) throws Exception {
        journal.startsOnce(attempt.node(), attempt.attempt());
    }

    @Override
    public void started(Attempt attempt) {
        int node = attempt.node();
        if (!scope.layout().policy(node).atMostOnce()) {
            journal.started(node);
        }
        boolean repeats = scope.layout().isLoop(node) || scope.layout().isInBody(node);
        // Of one that was left between two attempts, the first ticket is that of a later attempt.
        boolean again = attempt.ticket() > 1 || attempt.attempt() > 1;
        if (observed || again || scope.layout().isLimited(node) || repeats) {
            tellHere(new Told(machine -> machine.started(node, attempt.ticket())));
        }
        if (!scope.layout().isCpuBound(node)) {
            commands.attemptStarted(attempt);
        }
    }

    @Override
    public <T extends @Nullable Object> T step(
            int node, Iteration iteration, String name, TypeRef<T> type, Callable<? extends T> body) throws Exception {
        return journal.step(node, iteration, name, type, body);
    }

    @Override
    public <T extends @Nullable Object> T transactionalStep(int node, Iteration iteration, TransactionalStep<?, T> step)
            throws Exception {
        return journal.transactionalStep(node, iteration, step);
    }

    @Override
    public Blob blob(int node, Blob.Content content) throws Exception {
        return journal.blob(node, content);
    }

    @Override
    public @Nullable Runnable encode(int node, @Nullable Object value, boolean emits) {
        return journal.encode(node, value, emits, false);
    }

    @Override
    public boolean isSameItem(int map, int item, @Nullable Object value) {
        return journal.isSameItem(map, item, value);
    }

    @Override
    public void closeItems(ItemSource items) {
        commands.closeItems(items);
    }

    @Override
    public void ended(Attempt attempt) {
        commands.attemptEnded(attempt);
    }

    @Override
    public void late() {
        services.lateResults().increment();
    }

    @Override
    public void settled(Signal outcome) {
        if (kept) {
            loop.postAndWait(outcome, services.bodyThreads()::mayWait);
        } else {
            tellHere(outcome);
        }
    }

    private void tellHere(Signal signal) {
        if (services.bodyThreads().areHosts()) {
            loop.post(signal);
        } else {
            loop.postAndDrain(signal);
        }
    }

    @Override
    public void settledElsewhere(Signal outcome) {
        loop.post(outcome);
    }

    @Override
    public void runAside(Runnable work) {
        services.delivery().execute(work);
    }

    @Override
    public void fatal(VirtualMachineError error) {
        try {
            services.delivery().execute(() -> {
                throw error;
            });
        } catch (RuntimeException | Error unreportable) {
            // No thread could be had to report it on: the failure of the node, which names it, has to do.
            error.addSuppressed(unreportable);
        }
    }
}
