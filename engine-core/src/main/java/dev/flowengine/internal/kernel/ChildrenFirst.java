package dev.flowengine.internal.kernel;

import dev.flowengine.execution.FlowExecution;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.StoreException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Before an execution undoes what it has done, waits for the executions it has started, which may undo something themselves: it
 * came later than what their parent did before. Those that can undo nothing are waited for as long as a cancel may take; any
 * other until it has ended, as one that goes on elsewhere may not even have heard of the cancel by then. Thread-safe.
 */
final class ChildrenFirst {
    private final FlowRun run;
    private final Waiting waiting;
    private final Map<String, FlowExecution> open = new ConcurrentHashMap<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean found;

    ChildrenFirst(FlowRun run, Waiting waiting) {
        this.run = run;
        this.waiting = waiting;
    }

    /** Looks for them, and waits; where it holds nothing up. */
    void begin() {
        guarded(this::find);
    }

    /** Whatever goes wrong: what is to be undone must not wait for ever. */
    private void guarded(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException | Error broken) {
            open.clear();
            endIfNoneIsLeft();
            throw broken;
        }
    }

    private void find() {
        try {
            List<FlowExecution> children = run.owner().subflows().openChildren(run.scope());
            children.forEach(child -> open.put(child.id(), child));
            found = true;
        } catch (StoreException away) {
            // Looked for again after a while.
            waiting.lookAgain(() -> guarded(this::look));
            return;
        }
        for (FlowExecution child : List.copyOf(open.values())) {
            stop(child);
            child.completion().whenComplete((end, gone) -> {
                open.remove(child.id());
                endIfNoneIsLeft();
            });
        }
        waitOn();
    }

    private void waitOn() {
        endIfNoneIsLeft();
        if (!over.get()) {
            waiting.lookAgain(() -> guarded(this::look));
        }
    }

    private void stop(FlowExecution child) {
        try {
            child.cancel(RunChildren.parentEnds(ExecutionStatus.COMPENSATING));
        } catch (FlowException notNow) {
            // It has ended meanwhile, or its engine finds that nobody waits for it.
        }
    }

    private void look() {
        if (over.get()) {
            return;
        }
        if (!found && waiting.hasTime()) {
            find();
            return;
        }
        open.values().removeIf(child -> !waiting.hasTime() || !mayUndo(child));
        waitOn();
    }

    private boolean mayUndo(FlowExecution child) {
        try {
            ExecutionStatus status = child.status();
            return status == ExecutionStatus.COMPENSATING
                    || (!status.isTerminal() && run.owner().subflows().mayUndo(run.scope(), child));
        } catch (StoreException away) {
            return true;
        } catch (FlowException gone) {
            return false;
        }
    }

    private void endIfNoneIsLeft() {
        if (open.isEmpty() && over.compareAndSet(false, true)) {
            waiting.over();
        }
    }

    /** How long they are waited for, and what comes then. */
    interface Waiting {

        /** Has somebody look again after a while, where it holds nothing up. */
        void lookAgain(Runnable look);

        /** Whether those that undo something are still waited for. */
        boolean hasTime();

        /** They have ended, or are not waited for any more; told once. */
        void over();
    }
}
