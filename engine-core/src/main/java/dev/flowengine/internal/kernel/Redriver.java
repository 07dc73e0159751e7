package dev.flowengine.internal.kernel;

import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.Redrive;
import dev.flowengine.execution.RedrivePlan;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.NodeTable;
import dev.flowengine.internal.machine.RunInputs;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.Output;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds out what of an execution runs again, and has it started. */
final class Redriver implements Redrive {
    private final RunResult earlier;
    private final Function<Redriving, FlowExecution> starter;
    private final StartChecks checks;
    private final BitSet chosen = new BitSet();
    private final Map<Integer, PortValues> edited = new HashMap<>();
    private final int automatic;
    private RunOptions.Builder options;
    private boolean keepKeys;

    Redriver(RunResult earlier, int automatic, Function<Redriving, FlowExecution> starter) {
        this.earlier = earlier;
        this.automatic = automatic;
        this.starter = starter;
        this.checks = new StartChecks(last().scope().flow());
        this.options = last().scope().options().toBuilder().noDeadline().noKey();
    }

    @Override
    public Redrive from(String nodeId) {
        int node = number(nodeId);
        if (isPinned(node)) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "node '" + nodeId + "' of execution " + earlier.executionId()
                                    + " is pinned, so its body would not be called in a redrive either")
                    .affectedNodes(List.of(nodeId))
                    .suggestedResolution("Start a new execution without the pin.")
                    .build();
        }
        chosen.set(node);
        return this;
    }

    @Override
    public Redrive from(String nodeId, PortValues input) {
        int node = number(nodeId);
        if (layout().isInBody(node)) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "node '" + nodeId + "' of execution " + earlier.executionId()
                                    + " lies in the body of a loop, and receives another input in each iteration")
                    .affectedNodes(List.of(nodeId))
                    .suggestedResolution("Give an input to the loop.")
                    .build();
        }
        checks.checkInput(nodeId, input, true);
        edited.put(node, input);
        return from(nodeId);
    }

    @Override
    public Redrive from(Output<?> node, @Nullable Object input) {
        PortValues values = input instanceof PortValues byPort ? byPort : checks.onlyPort(node.nodeId(), input);
        return from(node.nodeId(), values);
    }

    @Override
    public Redrive userId(String userId) {
        options = options.userId(userId);
        return this;
    }

    @Override
    public Redrive timeout(Duration limit) {
        options = options.timeout(limit);
        return this;
    }

    @Override
    public Redrive deadline(Instant deadline) {
        options = options.deadline(deadline);
        return this;
    }

    @Override
    public Redrive keepKeys() {
        keepKeys = true;
        return this;
    }

    @Override
    public RedrivePlan plan() {
        BitSet rerun = rerun();
        return new RedrivePlan(earlier.executionId(), ids(rerun), ids(reused(rerun)));
    }

    @Override
    public FlowExecution start() {
        BitSet rerun = rerun();
        if (rerun.isEmpty()) {
            throw FlowException.of(
                            FailureKind.INVALID_FLOW_STATE,
                            "execution " + earlier.executionId() + " of flow '" + last().flowId() + "' ended "
                                    + earlier.status() + ": nothing of it has to run again")
                    .suggestedResolution("Name a node to run again with from(…).")
                    .build();
        }
        requireNoRepetition(rerun);
        return starter.apply(
                new Redriving(earlier, reused(rerun), Map.copyOf(edited), keepKeys, options.build(), automatic));
    }

    /** What is to run at most once runs again only if it is said so. */
    private void requireNoRepetition(BitSet rerun) {
        BitSet repeated = new BitSet();
        for (int node : last().scope().startLog().nodes()) {
            boolean hasRun = !isPinned(node) && layout().policy(node).atMostOnce();
            repeated.set(node, hasRun && rerun.get(node) && !chosen.get(node));
        }
        if (!repeated.isEmpty()) {
            List<String> ids = ids(repeated);
            throw FlowException.of(
                            FailureKind.INVALID_FLOW_STATE,
                            "a redrive of execution " + earlier.executionId() + " of flow '" + last().flowId()
                                    + "' would run again what is to run at most once: " + String.join(", ", ids))
                    .affectedNodes(ids)
                    .suggestedResolution(
                            "Find out what they have done. If it is to be done again, name each of them with"
                                    + " from(…).")
                    .build();
        }
    }

    private BitSet rerun() {
        PlanLayout layout = layout();
        BitSet rerun = new BitSet(layout.size());
        Deque<Integer> open = new ArrayDeque<>();
        for (int node = 0; node < layout.size(); node++) {
            if (chosen.get(node) || wentWrong(node)) {
                add(node, rerun, open);
            }
        }
        while (!open.isEmpty()) {
            int node = open.remove();
            for (int out = layout.firstOut(node); out < layout.firstOut(node + 1); out++) {
                add(layout.outTarget(out), rerun, open);
            }
        }
        return rerun;
    }

    /** A node of a body runs again with the loops around it, from their first iteration on. */
    private void add(int node, BitSet rerun, Deque<Integer> open) {
        for (int at = node; at >= 0; at = layout().loops().around(at)) {
            if (!rerun.get(at)) {
                rerun.set(at);
                open.add(at);
            }
        }
    }

    private boolean isPinned(int node) {
        RunInputs inputs = last().scope().inputs();
        return inputs.isPinned(node) && !inputs.isReused(node);
    }

    private boolean wentWrong(int node) {
        if (layout().isInBody(node)) {
            // What it has come to is for its loop to say.
            return false;
        }
        NodeTable table = last().table();
        NodeStatus status = table.status(node);
        return status == NodeStatus.SKIPPED
                ? table.skipReason(node).propagatesFailure() || table.skipReason(node) == SkipReason.MANUAL
                : status != NodeStatus.COMPLETED;
    }

    private BitSet reused(BitSet rerun) {
        BitSet reused = new BitSet(layout().size());
        for (int node = 0; node < layout().size(); node++) {
            // What a loop has come to is taken over with it, and its body left out.
            reused.set(
                    node,
                    !rerun.get(node)
                            && !layout().isInBody(node)
                            && last().table().status(node) == NodeStatus.COMPLETED);
        }
        return reused;
    }

    private List<String> ids(BitSet nodes) {
        return nodes.stream().mapToObj(last().scope()::nodeId).toList();
    }

    private int number(String nodeId) {
        int node = layout().numberOf(nodeId);
        if (node < 0 || node >= layout().size()) {
            throw NodeInterventions.notFound(new FinishedExecution(earlier), nodeId);
        }
        return node;
    }

    private PlanLayout layout() {
        return last().layout();
    }

    private RunSnapshot last() {
        return earlier.last();
    }
}
