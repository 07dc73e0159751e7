package dev.flowengine.internal.journal;

import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.internal.layout.CompensationLayout;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.CompensationView;
import dev.flowengine.internal.machine.Compensations;
import dev.flowengine.internal.machine.RestoredCompensations;
import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.Iteration;
import dev.flowengine.persistence.AuditRecord;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.StepKey;
import dev.flowengine.persistence.StepRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The compensations of a run as steps of the run itself: of each node that may have to be undone its place in the order of
 * completion, written with its row; that undoing has begun, and for which end; and what became of each. A step is recorded
 * once, and so is what it says. For one thread at a time.
 */
final class CompensationSteps {
    private static final String COMPLETED = "completed/";
    private static final String BEGUN = "compensating";
    private static final String UNDONE = "compensated/";

    private final PlanLayout layout;
    private final String workerId;
    private int completed;
    private boolean begun;
    private int undone;

    CompensationSteps(PlanLayout layout, String workerId) {
        this.layout = layout;
        this.workerId = workerId;
    }

    /** So much is written already. */
    void found(RestoredCompensations restored) {
        completed = restored.completed().size();
        begun = restored.end() != null;
        undone = restored.outcomes().size();
    }

    /** Adds what has been decided since the last call. */
    void add(Compensations decided, Instant now, RowSet rows, Consumer<AuditRecord> audit) {
        for (; completed < decided.completed(); completed++) {
            String id = id(decided.completedNode(completed));
            rows.step(step(COMPLETED + completed, CompensationCodec.node(id), now));
        }
        ExecutionStatus end = decided.end();
        if (end == null) {
            return;
        }
        if (!begun) {
            begun = true;
            rows.step(step(BEGUN, CompensationCodec.begin(end, decided.reason()), now));
        }
        CompensationView view = decided.view();
        for (; undone < view.settledCount(); undone++) {
            Payload outcome = CompensationCodec.outcome(view.attempts(undone), view.failure(undone));
            rows.step(step(UNDONE + undone, outcome, now));
            boolean well = view.status(undone) == CompensationStatus.COMPLETED;
            audit.accept(new AuditRecord(
                    now,
                    workerId,
                    well ? "compensation-completed" : "compensation-failed",
                    Optional.empty(),
                    Texts.storable("node '" + id(view.node(undone)) + "'")));
        }
    }

    private String id(int node) {
        return layout.definition(node).id();
    }

    private static StepRecord step(String name, Payload content, Instant now) {
        return new StepRecord(new StepKey("", Iteration.NONE, name), content, now);
    }

    /**
     * What the steps of a run say.
     *
     * @return null if nothing of it is about compensations
     * @throws FlowException of kind {@code INVALID_FLOW_STATE} if they name what the flow does not compensate
     */
    static @Nullable RestoredCompensations read(List<StepRecord> steps, PlanLayout layout) {
        Map<String, Payload> byName = new HashMap<>();
        for (StepRecord step : steps) {
            if (step.key().nodeId().isEmpty()) {
                byName.put(step.key().name(), step.result());
            }
        }
        List<Integer> order = inOrder(byName, COMPLETED, content -> number(CompensationCodec.node(content), layout));
        if (order.isEmpty()) {
            return null;
        }
        Payload begun = byName.get(BEGUN);
        CompensationCodec.Begin begin = begun == null ? null : CompensationCodec.begin(begun);
        return new RestoredCompensations(
                order,
                begin == null ? null : begin.end(),
                begin == null ? null : begin.reason(),
                inOrder(byName, UNDONE, CompensationCodec::outcome));
    }

    /** Whether a run that is cancelled has something to undo; a flow that says no more whether it does may have said so. */
    static boolean areOwed(List<StepRecord> steps, CompensationPolicy policy) {
        boolean asked = policy.isNone() || policy.appliesTo(ExecutionStatus.CANCELLED) || isThere(steps, BEGUN);
        return asked && isThere(steps, COMPLETED + 0);
    }

    private static boolean isThere(List<StepRecord> steps, String name) {
        return steps.stream()
                .map(StepRecord::key)
                .anyMatch(key -> key.nodeId().isEmpty() && key.name().equals(name));
    }

    private static <T> List<T> inOrder(Map<String, Payload> byName, String prefix, Function<Payload, T> decoder) {
        List<T> found = new ArrayList<>();
        for (Payload next = byName.get(prefix + 0); next != null; next = byName.get(prefix + found.size())) {
            found.add(decoder.apply(next));
        }
        return found;
    }

    private static int number(String id, PlanLayout layout) {
        int node = layout.numberOf(id);
        CompensationLayout compensations = layout.compensations();
        if (node < 0 || compensations == null || !compensations.contains(node)) {
            throw FlowException.of(
                            FailureKind.INVALID_FLOW_STATE,
                            "node '" + id + "' has completed, to be compensated if need be, but the flow does not"
                                    + " compensate it any more")
                    .affectedNodes(List.of(id))
                    .suggestedResolution("Register the flow as it was when the execution started.")
                    .build();
        }
        return node;
    }
}
