package dev.flowengine.internal.kernel;

import dev.flowengine.execution.ExecutionSummary;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.ResumeCheck;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.internal.attempt.Ancestry;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.journal.FlowRecords;
import dev.flowengine.internal.journal.RunArchive;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.FlowRecord;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunPage;
import dev.flowengine.persistence.RunQuery;
import dev.flowengine.persistence.RunRecord;
import dev.flowengine.persistence.RunTrail;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds executions, wherever they are: among those that go on here, in the archive, or in the store. Thread-safe. */
final class Lookup {
    private static final int PAGE = 1_000;
    private static final Set<ExecutionStatus> UNENDED = Stream.of(ExecutionStatus.values())
            .filter(status -> !status.isTerminal())
            .collect(Collectors.toUnmodifiableSet());

    private final LiveRuns live;
    private final RunArchive<RunResult> archive;
    private final @Nullable DurableRuns durable;
    private final StoredExecution.Reader stored;

    Lookup(LiveRuns live, RunArchive<RunResult> archive, @Nullable DurableRuns durable, StoredExecution.Reader stored) {
        this.live = live;
        this.archive = archive;
        this.durable = durable;
        this.stored = stored;
    }

    Optional<FlowExecution> find(String executionId) {
        return find(executionId, null);
    }

    /**
     * An execution that another one has started. If it has ended, and its edition of the flow is not known here, who waits for
     * its end is told that once the edition is.
     *
     * @param executionId its id
     * @param awaited whether it is still waited for; if not, who waits is told that it cannot be read
     */
    Optional<FlowExecution> findChild(String executionId, BooleanSupplier awaited) {
        return find(executionId, awaited);
    }

    private Optional<FlowExecution> find(String executionId, @Nullable BooleanSupplier awaited) {
        Optional<FlowExecution> here = findHere(executionId);
        if (here.isPresent()) {
            return here;
        }
        Optional<FlowExecution> archived = archive.find(executionId).map(FinishedExecution::new);
        return archived.isPresent() || durable == null ? archived : inStore(executionId, durable, awaited);
    }

    /** An execution that goes on here. */
    Optional<FlowExecution> findHere(String executionId) {
        return Optional.ofNullable(live.find(executionId))
                .map(FlowRun::control)
                .filter(control -> !control.isHidden())
                .map(RunControl::handle);
    }

    /** Executions that nodes of another one wait for, or have waited for, and that have not ended. */
    List<FlowExecution> openChildrenOf(String executionId, Flow flow) {
        Map<String, FlowExecution> open = new HashMap<>();
        // Those in the store first: one that is created meanwhile is found here.
        if (durable != null) {
            RunQuery query = RunQuery.all(PAGE).childrenOf(executionId).status(UNENDED);
            RunPage page = durable.store().query(query);
            page.runs().stream()
                    .filter(child ->
                            awaits(flow, child.header().parent().orElseThrow().nodeId()))
                    .forEach(child -> findChild(child.executionId(), () -> false)
                            .ifPresent(found -> open.put(found.id(), found)));
        }
        live.all().stream()
                .filter(child -> isAwaitedBy(executionId, child.scope().ancestry()))
                .forEach(child -> open.put(child.id(), child));
        return List.copyOf(open.values());
    }

    private static boolean awaits(Flow flow, String nodeId) {
        return flow.node(nodeId)
                .flatMap(NodeDefinition::body)
                .filter(body -> body instanceof SubflowBody subflow && subflow.awaited())
                .isPresent();
    }

    private static boolean isAwaitedBy(String executionId, @Nullable Ancestry ancestry) {
        return ancestry != null && ancestry.awaited() && ancestry.executionId().equals(executionId);
    }

    /** Whether there is an execution of an id. */
    boolean isKnown(String executionId) {
        return live.find(executionId) != null
                || archive.find(executionId).isPresent()
                || (durable != null && durable.store().find(executionId).isPresent());
    }

    private Optional<FlowExecution> inStore(String executionId, DurableRuns runs, @Nullable BooleanSupplier awaited) {
        // Its row first: of one that goes on, all of it is read when somebody asks for more.
        Optional<RunRecord> row = runs.store().find(executionId);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        FlowKey flow = row.get().header().flow();
        boolean unread = awaited != null && runs.flow(flow).isEmpty();
        if (row.get().state().status().isTerminal() && !unread) {
            return runs.store().load(executionId).map(image -> new FinishedExecution(stored.result(image)));
        }
        BooleanSupplier patience = awaited == null ? () -> false : awaited;
        return Optional.of(new StoredExecution(executionId, flow.flowId(), runs, stored, patience));
    }

    /** What there is to see of an execution; empty if there is none, or its flow is not known. */
    Optional<RunSnapshot> lastOf(String executionId) {
        try {
            return find(executionId).map(execution -> (RunSnapshot) execution.snapshot());
        } catch (FlowException unreadable) {
            return Optional.empty();
        }
    }

    /** How an execution has ended. */
    RunResult ended(String executionId) {
        return ended(executionId, stored::result);
    }

    /** How an execution has ended; of one whose edition of the flow is not known, what another edition can tell. */
    RunResult ended(String executionId, Flow other) {
        return ended(executionId, image -> stored.result(image, other));
    }

    private RunResult ended(String executionId, Function<RunImage, RunResult> reader) {
        if (live.find(executionId) != null) {
            throw notEnded(executionId);
        }
        Optional<RunResult> end = archive.find(executionId).filter(this::isWhole);
        if (end.isEmpty() && durable != null) {
            end = durable.store().load(executionId).map(image -> endedInStore(image, reader));
        }
        return end.orElseThrow(() -> FlowException.of(
                        FailureKind.NOT_FOUND, "there is no execution " + executionId + " in the archive")
                .suggestedResolution("Name an execution that has ended and is still kept; see the builder's archive().")
                .build());
    }

    /** Whether all that is known of how an execution has ended is here: a store has what it has let go of, and the items of its maps. */
    boolean isWhole(RunResult end) {
        RunScope scope = end.last().scope();
        return durable == null
                || !(scope.flow().releasesOutputs() || scope.layout().loops().hasMaps());
    }

    private static RunResult endedInStore(RunImage image, Function<RunImage, RunResult> reader) {
        if (!isEnded(image)) {
            throw notEnded(image.run().executionId());
        }
        return reader.apply(image);
    }

    RunTrail trail(String executionId) {
        Optional<RunTrail> trail = durable == null
                ? find(executionId).map(run -> new RunTrail(run.snapshot().log().lines(), List.of()))
                : durable.store().trail(executionId);
        return trail.orElseThrow(() -> notFound(executionId));
    }

    /** Every execution that goes on or is archived, once. */
    Stream<ExecutionSummary> known() {
        Map<String, ExecutionSummary> byId = new HashMap<>();
        // Those that go on first: one that ends meanwhile is archived before it is taken from them.
        live.all().forEach(run -> byId.put(run.id(), run.summary()));
        archive.all().forEach(end -> byId.put(end.executionId(), end.last().summary(end.status())));
        return byId.values().stream();
    }

    ResumeCheck canResume(String executionId, Flow flow) {
        return durable == null ? canResumeHere(executionId, flow) : canResumeFromStore(executionId, flow, durable);
    }

    private ResumeCheck canResumeHere(String executionId, Flow flow) {
        FlowRun run = live.find(executionId);
        if (run == null) {
            ExecutionStatus end =
                    archive.find(executionId).map(RunResult::status).orElseThrow(() -> notFound(executionId));
            return hasEnded(end);
        }
        return new ResumeCheck(
                FlowRecords.differences(FlowRecords.of(run.scope().flow()), flow));
    }

    private static ResumeCheck canResumeFromStore(String executionId, Flow flow, DurableRuns runs) {
        RunRecord run = runs.store().find(executionId).orElseThrow(() -> notFound(executionId));
        if (run.state().status().isTerminal()) {
            return hasEnded(run.state().status());
        }
        Optional<FlowRecord> kept = runs.store().flow(run.header().flow());
        boolean declared = runs.flow(run.header().flow())
                .filter(known -> known.id().equals(flow.id()) && known.version().equals(flow.version()))
                .isPresent();
        return new ResumeCheck(kept.map(record -> declared
                        ? FlowRecords.differencesInStructure(record, flow)
                        : FlowRecords.differences(record, flow))
                .orElseGet(() -> List.of("the store does not know the structure it was begun with")));
    }

    private static ResumeCheck hasEnded(ExecutionStatus end) {
        return new ResumeCheck(List.of("the execution has ended, " + end + ": it can only be redriven"));
    }

    private static boolean isEnded(RunImage image) {
        return image.run().state().status().isTerminal();
    }

    static FlowException notFound(String executionId) {
        return FlowException.of(FailureKind.NOT_FOUND, "there is no execution " + executionId)
                .suggestedResolution("Name an execution that goes on, or has ended and is still kept;"
                        + " see the builder's archive().")
                .build();
    }

    private static FlowException notEnded(String executionId) {
        return FlowException.of(
                        FailureKind.INVALID_FLOW_STATE,
                        "execution " + executionId + " has not ended, so nothing can be taken over from it")
                .suggestedResolution("Wait until it has ended.")
                .build();
    }
}
