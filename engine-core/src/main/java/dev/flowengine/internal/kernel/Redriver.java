package dev.flowengine.internal.kernel;

import dev.flowengine.execution.CompensationState;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.execution.Redrive;
import dev.flowengine.execution.RedrivePlan;
import dev.flowengine.flow.Flow;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.layout.Target;
import dev.flowengine.internal.machine.RunInputs;
import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.Output;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.plan.RerunItems;
import dev.flowengine.plan.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds out what of an execution runs again, and has it started. */
final class Redriver implements Redrive {
    private final RunResult earlier;
    private final Flow flow;
    private final int automatic;
    private final Engine engine;
    private final StartChecks checks;
    private final Set<String> chosen = new LinkedHashSet<>();
    private final Set<String> mended = new LinkedHashSet<>();
    private final Map<String, PortValues> edited = new HashMap<>();
    private RunOptions.Builder options;
    private boolean keepKeys;

    /**
     * Prepares a redrive.
     *
     * @param earlier the execution that is redriven
     * @param flow the flow to run: its own, or another edition of it
     * @param automatic how many executions in a row the engine has redriven by itself, this one included; 0 if asked for
     * @param engine lays out what runs, and starts it
     */
    Redriver(RunResult earlier, Flow flow, int automatic, Engine engine) {
        this.earlier = earlier;
        this.flow = flow;
        this.automatic = automatic;
        this.engine = engine;
        this.checks = new StartChecks(flow);
        this.options = last().scope().options().toBuilder().noDeadline().noKey();
        requireSameFlow();
    }

    /** What a redrive needs of the engine. */
    interface Engine {

        /** Lays out a start of a flow. */
        CompiledPlan compile(Flow flow, Start start, @Nullable Target target, Set<String> given);

        /** Starts a redrive. */
        FlowExecution start(Redriving request);
    }

    @Override
    public Redrive from(String nodeId) {
        require(compiled().layout(), nodeId);
        if (isPinned(nodeId)) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "node '" + nodeId + "' of execution " + earlier.executionId()
                                    + " is pinned, so its body would not be called in a redrive either")
                    .affectedNodes(List.of(nodeId))
                    .suggestedResolution("Start a new execution without the pin.")
                    .build();
        }
        chosen.add(nodeId);
        return this;
    }

    @Override
    public Redrive from(String nodeId, PortValues input) {
        PlanLayout layout = compiled().layout();
        if (layout.isInBody(require(layout, nodeId))) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "node '" + nodeId + "' of execution " + earlier.executionId()
                                    + " lies in the body of a loop, and receives another input in each iteration")
                    .affectedNodes(List.of(nodeId))
                    .suggestedResolution("Give an input to the loop.")
                    .build();
        }
        checks.checkInput(nodeId, input, true);
        from(nodeId);
        edited.put(nodeId, input);
        return this;
    }

    @Override
    public Redrive from(Output<?> node, @Nullable Object input) {
        PortValues values = input instanceof PortValues byPort ? byPort : checks.onlyPort(node.nodeId(), input);
        return from(node.nodeId(), values);
    }

    @Override
    public Redrive failedItems(String mapId) {
        PlanLayout layout = compiled().layout();
        int map = require(layout, mapId);
        boolean isMap = layout.loops().isMap(map);
        if (!isMap || layout.isInBody(map)) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "node '" + mapId + "' of execution " + earlier.executionId()
                                    + (isMap ? " lies in a body, and runs again with all of that" : " is no map"))
                    .affectedNodes(List.of(mapId))
                    .suggestedResolution("Name a map that lies in no body, or the node with from(…).")
                    .build();
        }
        requireItems(mapId);
        mended.add(mapId);
        return this;
    }

    /** What a map brought back as a whole does not tell which of its items did not complete. */
    private void requireItems(String mapId) {
        if (last().scope().inputs().isReused(last().layout().numberOf(mapId))) {
            String before = last().redriveOf().orElse("the execution before");
            throw FlowException.of(
                            FailureKind.INVALID_FLOW_STATE,
                            "execution " + earlier.executionId() + " of flow '" + last().flowId() + "' has taken map '"
                                    + mapId + "' over as a whole from " + before + ", and knows nothing of its items")
                    .affectedNodes(List.of(mapId))
                    .suggestedResolution("Redrive the execution that ran them: " + before
                            + ", or one before it if that has taken the map over too. from(…) runs all items.")
                    .build();
        }
    }

    @Override
    public Redrive upTo(String nodeId) {
        options = options.upTo(nodeId);
        return this;
    }

    @Override
    public Redrive before(String nodeId) {
        options = options.before(nodeId);
        return this;
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
        Renewal renewal = renewal();
        BitSet reused = renewal.reused();
        return new RedrivePlan(
                earlier.executionId(),
                renewal.ids(renewal.rerun()),
                renewal.ids(reused),
                renewal.reasons(),
                renewal.items());
    }

    @Override
    public FlowExecution start() {
        Renewal renewal = renewal();
        if (renewal.rerun().isEmpty()) {
            throw FlowException.of(
                            FailureKind.INVALID_FLOW_STATE,
                            "execution " + earlier.executionId() + " of flow '" + last().flowId() + "' ended "
                                    + earlier.status() + ": nothing of it has to run again")
                    .suggestedResolution("Name a node to run again with from(…).")
                    .build();
        }
        chosen.forEach(id -> require(renewal.plan().layout(), id));
        requireNoRepetition(renewal);
        requireKept(renewal);
        requireUndone(renewal);
        RunInputs inputs = renewal.inputs(edited);
        RunOptions how = options.build();
        if (flow != last().scope().flow()) {
            requireFitting(renewal.plan(), inputs, how);
        }
        return engine.start(new Redriving(earlier, flow, renewal.plan(), inputs, keepKeys, how, automatic));
    }

    private void requireSameFlow() {
        if (!flow.id().equals(last().flowId())) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "execution " + earlier.executionId() + " is one of flow '" + last().flowId()
                                    + "' and cannot be redriven with flow '" + flow.id() + "'")
                    .suggestedResolution("Redrive it with an edition of its own flow.")
                    .build();
        }
    }

    /** What was given to the earlier execution has to fit another edition of its flow. */
    private void requireFitting(CompiledPlan plan, RunInputs inputs, RunOptions how) {
        PlanLayout layout = plan.layout();
        plan.requireStartable(!how.skipDependencyCheck());
        String first = layout.definition(layout.startNode()).id();
        PortValues startInput = inputs.startInput();
        if (startInput == null) {
            checks.checkTriggerData(first, inputs.triggerData());
        } else {
            checks.checkInput(first, startInput, !how.skipDependencyCheck());
        }
        Map<String, PortValues> given = new HashMap<>();
        inputs.pins()
                .forEach((node, values) -> given.put(layout.definition(node).id(), values));
        inputs.supplied()
                .forEach((node, values) -> given.put(layout.definition(node).id(), values));
        checks.checkPins(given);
        inputs.edited()
                .forEach((node, values) ->
                        checks.checkInput(layout.definition(node).id(), values, true));
    }

    /** What is to run at most once runs again only if it is said so. */
    private void requireNoRepetition(Renewal renewal) {
        PlanLayout layout = renewal.plan().layout();
        Set<String> byItems = renewal.items().stream()
                .filter(items -> items.wholly().isEmpty() && mended.contains(items.nodeId()))
                .map(RerunItems::nodeId)
                .collect(Collectors.toSet());
        BitSet repeated = renewal.haveRun();
        repeated.and(renewal.rerun());
        for (int node = repeated.nextSetBit(0); node >= 0; node = repeated.nextSetBit(node + 1)) {
            boolean meant = isMeant(layout, node, byItems);
            repeated.set(node, layout.policy(node).atMostOnce() && !meant);
        }
        if (!repeated.isEmpty()) {
            List<String> ids = renewal.ids(repeated);
            throw FlowException.of(
                            FailureKind.INVALID_FLOW_STATE,
                            "a redrive of execution " + earlier.executionId() + " of flow '" + last().flowId()
                                    + "' would run again what is to run at most once: " + String.join(", ", ids))
                    .affectedNodes(ids)
                    .suggestedResolution(
                            "Find out what they have done. If it is to be done again, name each of them with"
                                    + " from(…)" + orElse(renewal))
                    .build();
        }
    }

    /** That failed items were asked for says nothing about those that have completed. */
    private String orElse(Renewal renewal) {
        List<String> wholly = renewal.items().stream()
                .filter(items -> items.wholly().isPresent() && mended.contains(items.nodeId()))
                .map(RerunItems::describe)
                .toList();
        return wholly.isEmpty()
                ? ", or the maps they belong to with failedItems(…)."
                : ". It is not enough to ask for failed items: " + String.join("; ", wholly) + ".";
    }

    /** Whether somebody has said that a node is to run again, itself or as part of the items a map did not complete. */
    private boolean isMeant(PlanLayout layout, int node, Set<String> byItems) {
        boolean meant = chosen.contains(layout.definition(node).id());
        for (int at = layout.loops().enclosing(node);
                at >= 0 && !meant;
                at = layout.loops().enclosing(at)) {
            meant = byItems.contains(layout.definition(at).id());
        }
        return meant;
    }

    /** Whether what a node did still stands is known only if its compensation has not failed, or somebody says so. */
    private void requireUndone(Renewal renewal) {
        List<String> unknown =
                compensated(false).stream().filter(id -> !chosen.contains(id)).toList();
        if (!unknown.isEmpty()) {
            throw FlowException.of(
                            FailureKind.INVALID_FLOW_STATE,
                            "execution " + earlier.executionId() + " of flow '" + last().flowId()
                                    + "' was compensated, but not all of it could be: " + String.join(", ", unknown))
                    .affectedNodes(unknown)
                    .suggestedResolution(
                            "Undo by hand what they have done, and name each of them with from(…) to run it again.")
                    .build();
        }
        Set<String> rerun = Set.copyOf(renewal.ids(renewal.rerun()));
        List<String> again = compensated(true).stream().filter(rerun::contains).toList();
        if (keepKeys && !again.isEmpty()) {
            throw FlowException.of(
                            FailureKind.INVALID_FLOW_STATE,
                            "what execution " + earlier.executionId() + " of flow '" + last().flowId()
                                    + "' did under its keys was undone: " + String.join(", ", again))
                    .affectedNodes(again)
                    .suggestedResolution("Redrive it without keepKeys().")
                    .build();
        }
    }

    /** The nodes whose compensation went well, or did not. */
    private List<String> compensated(boolean well) {
        return last().compensations().stream()
                .filter(compensation -> (compensation.status() == CompensationStatus.COMPLETED) == well)
                .map(CompensationState::nodeId)
                .distinct()
                .toList();
    }

    private void requireKept(Renewal renewal) {
        List<String> released = renewal.ids(renewal.released());
        if (!released.isEmpty()) {
            throw FlowException.of(
                            FailureKind.INVALID_FLOW_STATE,
                            "execution " + earlier.executionId() + " of flow '" + last().flowId()
                                    + "' has let go of outputs that a redrive would take over, as the flow says"
                                    + " releaseOutputs(): those of " + String.join(", ", released))
                    .affectedNodes(released)
                    .suggestedResolution(
                            "Redrive it from(…) the nodes these depend on, start anew, or mark the nodes keep();"
                                    + " an engine with a store finds them there.")
                    .build();
        }
    }

    private Renewal renewal() {
        return new Renewal(last(), flow, compiled(), chosen, mended);
    }

    private CompiledPlan compiled() {
        CompiledPlan before = last().compiled();
        Target target = Target.of(options.build());
        if (flow == last().scope().flow() && Objects.equals(target, before.target())) {
            return before;
        }
        PlanLayout layout = before.layout();
        Set<String> given = new HashSet<>();
        last().scope()
                .inputs()
                .supplied()
                .keySet()
                .forEach(node -> given.add(layout.definition(node).id()));
        return engine.compile(flow, before.start(), target, given);
    }

    private boolean isPinned(String nodeId) {
        RunInputs inputs = last().scope().inputs();
        int node = last().layout().numberOf(nodeId);
        return inputs.isPinned(node) && !inputs.isReused(node);
    }

    private int require(PlanLayout layout, String nodeId) {
        int node = layout.numberOf(nodeId);
        if (node < 0 || node >= layout.size()) {
            throw NodeInterventions.notFound(new FinishedExecution(earlier), nodeId);
        }
        return node;
    }

    private RunSnapshot last() {
        return earlier.last();
    }
}
