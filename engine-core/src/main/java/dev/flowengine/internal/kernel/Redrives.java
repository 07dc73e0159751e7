package dev.flowengine.internal.kernel;

import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.layout.Target;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.StoreException;
import dev.flowengine.plan.Start;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Prepares redrives, lays them out and has them started. */
final class Redrives implements Redriver.Engine {
    private final Starter starter;
    private final LiveRuns live;
    private final RunOwner owner;
    private final Lookup lookup;
    private final Function<FlowRun, FlowExecution> admission;

    /**
     * Prepares.
     *
     * @param starter lays out and makes executions
     * @param live refuses when the engine is closed
     * @param owner is told what becomes of them
     * @param lookup finds the end of an execution with all that is kept of it
     * @param admission has an execution begin
     */
    Redrives(
            Starter starter, LiveRuns live, RunOwner owner, Lookup lookup, Function<FlowRun, FlowExecution> admission) {
        this.starter = starter;
        this.live = live;
        this.owner = owner;
        this.lookup = lookup;
        this.admission = admission;
    }

    Redriver of(RunResult end, Flow flow, int tries) {
        return new Redriver(end, flow, tries, this);
    }

    /** Redrives an execution because its flow asks for it. */
    void byItself(RunResult end, int tries) {
        try {
            RunResult earlier = whole(end);
            of(earlier, earlier.last().scope().flow(), tries).start();
        } catch (FlowException refused) {
            if (refused.kind() != FailureKind.ENGINE_CLOSED) {
                throw refused;
            }
            // A closed engine redrives nothing, and nobody waits to be told.
        }
    }

    private RunResult whole(RunResult end) {
        try {
            return lookup.isWhole(end) ? end : lookup.ended(end.executionId());
        } catch (StoreException unreadable) {
            throw unreadable.isTransient() ? new NotYet(unreadable) : unreadable;
        }
    }

    /** Nothing was begun: what is to be redriven cannot be read for the moment. */
    static final class NotYet extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotYet(StoreException unreadable) {
            super(unreadable.getMessage(), unreadable);
        }
    }

    @Override
    public CompiledPlan compile(Flow flow, Start start, @Nullable Target target, Set<String> given) {
        return starter.compile(flow, start, target, given);
    }

    @Override
    public FlowExecution start(Redriving request) {
        live.requireOpen();
        return admission.apply(starter.redrive(request, owner));
    }
}
