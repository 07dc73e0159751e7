package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.internal.attempt.Attempt;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.internal.machine.Signal;
import dev.flowengine.internal.scheduling.RunLoop;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One execution: carries out what its machine decides, and shows it to the host. */
final class FlowRun implements FlowExecution, RunLoop.Owner, Attempt.Host {
    private final EngineServices services;
    private final CompiledPlan plan;
    private final RunScope scope;
    private final LiveAttempts attempts;
    private final RunEvents events;
    private final RunLoop loop;
    private final boolean observed;
    private final Consumer<RunResult> onEnd;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile ExecutionStatus status = ExecutionStatus.QUEUED;
    private volatile boolean halted;
    private volatile boolean cancelled;
    private volatile @Nullable RunResult result;
    private @Nullable CompletableFuture<ExecutionResult> completion;

    FlowRun(
            EngineServices services,
            CompiledPlan plan,
            RunScope scope,
            ExecutionMachine machine,
            Consumer<RunResult> onEnd) {
        this.services = services;
        this.plan = plan;
        this.scope = scope;
        this.attempts = new LiveAttempts(scope.layout());
        this.events = new RunEvents(scope, services.events(), services.time());
        this.observed = services.events().hasListeners();
        this.loop = new RunLoop(services.workers(), scope.layout(), machine, this);
        this.onEnd = onEnd;
    }

    void start() {
        loop.post(new Command(ExecutionMachine::start));
    }

    /** Starts no further node; ends when what runs has ended. */
    void halt(FlowException reason) {
        // First the signal: a node that is withdrawn because of the halt must find the machine halted.
        loop.post(new Command(machine -> machine.halt(reason)));
        halted = true;
    }

    /** Ends a halted execution without waiting for what still runs. */
    void terminate() {
        // First the end, then the interrupts: what a body does about them must not count any more.
        loop.post(new Command(ExecutionMachine::terminate));
        cancelled = true;
        attempts.interruptAll();
    }

    boolean awaitEnd(long nanos) throws InterruptedException {
        return ended.await(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public String id() {
        return scope.executionId();
    }

    @Override
    public String flowId() {
        return scope.index().flowId();
    }

    @Override
    public ExecutionStatus status() {
        return status;
    }

    @Override
    public ExecutionSnapshot snapshot() {
        RunResult end = result;
        return end == null ? loop.read(this::copy) : end.last();
    }

    @Override
    public ExecutionResult await() throws InterruptedException {
        FinishedExecution.requireMayWait();
        ended.await();
        return end();
    }

    @Override
    public Optional<ExecutionResult> await(Duration timeout) throws InterruptedException {
        FinishedExecution.requireMayWait();
        return ended.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS)
                ? Optional.of(end())
                : Optional.empty();
    }

    @Override
    public synchronized CompletionStage<ExecutionResult> completion() {
        if (completion == null) {
            RunResult end = result;
            completion = end == null ? new CompletableFuture<>() : CompletableFuture.completedFuture(end);
        }
        return completion.minimalCompletionStage();
    }

    @Override
    public @Nullable Signal runBody(int node) {
        Attempt attempt = new Attempt(this, node);
        return attempt.call() ? attempt : null;
    }

    @Override
    public void startBody(int node) {
        Attempt attempt = new Attempt(this, node);
        attempts.add(attempt);
        services.bodyThreads().start(attempt);
    }

    @Override
    public void changed(ExecutionMachine machine) {
        if (result != null) {
            return;
        }
        if (status == ExecutionStatus.QUEUED) {
            events.executionStarted();
        }
        machine.effects().drainChanges((node, nodeStatus) -> events.nodeChanged(machine.nodes(), node, nodeStatus));
        if (machine.status().isTerminal()) {
            finish(machine);
        } else if (status != machine.status()) {
            status = machine.status();
        }
    }

    @Override
    public RunScope scope() {
        return scope;
    }

    @Override
    public boolean mayStart(Attempt attempt) {
        return !halted;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void started(Attempt attempt) {
        if (observed) {
            int node = attempt.node();
            tell(new Command(machine -> machine.started(node)));
        }
    }

    @Override
    public void settled(Attempt attempt) {
        tell(attempt);
    }

    @Override
    public void settledElsewhere(Attempt attempt) {
        loop.post(attempt);
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

    private void tell(Signal signal) {
        if (services.bodyThreads().areHosts()) {
            loop.post(signal);
        } else {
            loop.postAndDrain(signal);
        }
    }

    private void finish(ExecutionMachine machine) {
        halted = true;
        Instant now = services.time().instant();
        RunSnapshot.Moment moment = new RunSnapshot.Moment(
                machine.status(), machine.nodes(), scope.startLog().nodesAtEnd());
        RunSnapshot last = new RunSnapshot(scope, plan, moment, now);
        RunResult end = new RunResult(last, RunEnd.failure(scope, machine, last));
        CompletableFuture<ExecutionResult> waiting = publish(end);
        events.executionFinished(machine.status(), now);
        onEnd.accept(end);
        ended.countDown();
        if (waiting != null) {
            services.delivery().execute(() -> waiting.complete(end));
        }
    }

    /** Makes the end visible and returns the completion somebody has asked for before, if anybody has. */
    private synchronized @Nullable CompletableFuture<ExecutionResult> publish(RunResult end) {
        result = end;
        status = end.status();
        return completion;
    }

    private RunSnapshot copy(ExecutionMachine machine) {
        NodeTable nodes = machine.nodes().copy();
        RunSnapshot.Moment moment =
                new RunSnapshot.Moment(machine.status(), nodes, scope.startLog().nodes());
        return new RunSnapshot(scope, plan, moment, null);
    }

    private RunResult end() {
        RunResult end = result;
        if (end == null) {
            throw new IllegalStateException("execution " + id() + " has ended without a result");
        }
        return end;
    }

    /** A signal that calls one method of the machine. */
    private static final class Command extends Signal {
        private final Consumer<ExecutionMachine> call;

        Command(Consumer<ExecutionMachine> call) {
            this.call = call;
        }

        @Override
        public void applyTo(ExecutionMachine machine) {
            call.accept(machine);
        }
    }
}
