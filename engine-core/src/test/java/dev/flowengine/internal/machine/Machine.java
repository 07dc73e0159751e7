package dev.flowengine.internal.machine;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.layout.FlowIndex;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.Intervention;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.model.SkipReason;
import dev.flowengine.node.PortValues;
import dev.flowengine.plan.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A machine driven by hand, without threads: nodes by id, signals in the order a test gives them. */
final class Machine {
    private final PlanLayout layout;
    private final Effects effects = new Effects(true);
    private final StartLog startLog;
    private final List<String> changes = new ArrayList<>();
    private int late;
    final ExecutionMachine machine;

    Machine(Flow flow, Start start) {
        this(flow, start, start.kind() == Start.Kind.TRIGGER ? null : PortValues.of("main", 0));
    }

    Machine(Flow flow, Start start, @Nullable PortValues input) {
        this.layout = CompiledPlan.of(FlowIndex.of(flow), start, null, Set.of()).layout();
        this.startLog = new StartLog(layout.queuedNodes(), layout.size());
        RunInputs inputs = new RunInputs("data", input, Map.of(), Map.of());
        this.machine = new ExecutionMachine(layout, inputs, effects, startLog);
    }

    static Machine ofTrigger(FlowDefinition flow) {
        return new Machine(flow.build(), Start.trigger("t"));
    }

    static NodeDefinition node(String id) {
        return NodeDefinition.builder(id).body(context -> 1).build();
    }

    static NodeDefinition computing(String id) {
        return NodeDefinition.builder(id).cpuBound().body(context -> 1).build();
    }

    static FlowException reason(String message) {
        return FlowException.of(FailureKind.ENGINE_CLOSED, message).build();
    }

    Machine start() {
        machine.start();
        return this;
    }

    Machine complete(String node) {
        counted(machine.completed(number(node), machine.nodes().ticket(number(node)), "of " + node));
        return this;
    }

    Machine fail(String node) {
        FlowError error = new FlowError(FailureKind.NODE_EXECUTION_FAILED, "a.B", "boom " + node, "", node, 1, "");
        counted(machine.failed(number(node), machine.nodes().ticket(number(node)), new NodeFailure(error, null), null));
        return this;
    }

    /** How many results told through this came too late. */
    int late() {
        return late;
    }

    private void counted(boolean heard) {
        late += heard ? 0 : 1;
    }

    /** The nodes to be started, taken out of the effects. */
    List<String> starts() {
        List<String> started = new ArrayList<>();
        for (int i = 0; i < effects.starts(); i++) {
            started.add(layout.definition(effects.start(i)).id());
        }
        effects.started();
        return started;
    }

    /** The changes of status since the last call, such as {@code a COMPLETED}. */
    List<String> changes() {
        changes.clear();
        effects.drainChanges(new Texts());
        return List.copyOf(changes);
    }

    List<String> startLog() {
        return Arrays.stream(startLog.nodes())
                .mapToObj(node -> layout.definition(node).id())
                .toList();
    }

    NodeStatus status(String node) {
        return machine.nodes().status(number(node));
    }

    SkipReason skipReason(String node) {
        return machine.nodes().skipReason(number(node));
    }

    @Nullable
    Object output(String node) {
        return machine.nodes().outputs().get(layout.firstSlot(number(node)));
    }

    int number(String node) {
        return layout.numberOf(node);
    }

    PlanLayout layout() {
        return layout;
    }

    /** Notes changes as text. */
    private final class Texts implements Effects.ChangeObserver {

        @Override
        public void iterationBegan(int loop) {
            // Told by what its body does.
        }

        @Override
        public void entered(ExecutionStatus status) {
            // Tests ask the machine itself.
        }

        @Override
        public void changed(int node, NodeStatus status) {
            changes.add(layout.definition(node).id() + " " + status);
        }

        @Override
        public void reported(int node) {
            changes.add(layout.definition(node).id() + " reported");
        }

        @Override
        public void near(int node, Duration limit) {
            changes.add(layout.definition(node).id() + " near " + limit);
        }

        @Override
        public void stuck(List<String> openNodes) {
            changes.add("stuck at " + openNodes);
        }

        @Override
        public void intervened(int node, Intervention action, String reason) {
            changes.add(layout.definition(node).id() + " " + action);
        }

        @Override
        public void compensation(int node, CompensationStatus status, int attempt, @Nullable NodeFailure failure) {
            changes.add(layout.definition(node).id() + " compensation " + status);
        }
    }
}
