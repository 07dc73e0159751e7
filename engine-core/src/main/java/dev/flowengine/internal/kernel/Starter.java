package dev.flowengine.internal.kernel;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.Timeouts;
import dev.flowengine.internal.attempt.NodeTimes;
import dev.flowengine.internal.attempt.RunReports;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.layout.FlowIndex;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.machine.Effects;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.InputReader;
import dev.flowengine.internal.machine.RunInputs;
import dev.flowengine.internal.machine.StartLog;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.plan.ExecutionPlan;
import dev.flowengine.plan.Start;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns starts into executions that have not begun, or refuses them. */
final class Starter {
    private final EngineServices services;
    private final PlanCache plans;
    private final Function<String, RunResult> finished;

    /**
     * Creates a starter.
     *
     * @param services what executions use
     * @param timeouts how long things may take of which no flow says it
     * @param finished finds the end of an earlier execution, or refuses
     */
    Starter(EngineServices services, Timeouts timeouts, Function<String, RunResult> finished) {
        this.services = services;
        this.plans = new PlanCache(timeouts, services.time());
        this.finished = finished;
    }

    ExecutionPlan plan(Flow flow, Start start, RunOptions options) {
        return compile(flow, start, options, given(flow, options)).describe();
    }

    FlowRun prepare(StartRequest request, RunOwner owner) {
        Flow flow = request.flow();
        RunOptions options = request.options();
        Map<String, PortValues> given = given(flow, options);
        CompiledPlan plan = compile(flow, request.start(), options, given);
        plan.requireStartable(!options.skipDependencyCheck());
        check(request);
        RunInputs inputs = inputs(request, plan.layout(), given);
        return newRun(new Admitted(request.flow(), null, null, 0, request.options()), plan, inputs, owner);
    }

    /** A new execution that takes over what an earlier one has completed. */
    FlowRun redrive(Redriving request, RunOwner owner) {
        RunSnapshot earlier = request.earlier().last();
        RunInputs before = earlier.scope().inputs();
        Map<Integer, PortValues> pins = new HashMap<>(before.pins());
        Map<Integer, RunInputs.Reused> reused = new HashMap<>();
        request.reused().stream()
                .filter(node -> !pins.containsKey(node) || before.reused().containsKey(node))
                .forEach(node -> {
                    pins.put(node, earlier.outputs(node));
                    reused.put(
                            node,
                            new RunInputs.Reused(
                                    earlier.table().failure(node),
                                    earlier.table().decidedBy(node)));
                });
        pins.keySet().removeIf(node -> before.reused().containsKey(node) && !reused.containsKey(node));
        Map<Integer, PortValues> edited = new HashMap<>(before.edited());
        edited.putAll(request.edited());
        RunInputs inputs =
                new RunInputs(before.triggerData(), before.startInput(), edited, pins, reused, before.supplied());
        String keysOf = request.keepKeys() ? earlier.scope().keysOf() : null;
        Admitted admitted = new Admitted(
                earlier.scope().flow(), earlier.executionId(), keysOf, request.automatic(), request.options());
        return newRun(admitted, earlier.compiled(), inputs, owner);
    }

    private CompiledPlan compile(Flow flow, Start start, RunOptions options, Map<String, PortValues> given) {
        return plans.plan(flow, start, options.upTo().orElse(null), given.keySet());
    }

    private static void check(StartRequest request) {
        StartChecks checks = new StartChecks(request.flow());
        String first = request.start().nodeId();
        PortValues input = request.input();
        if (input == null) {
            checks.checkTriggerData(first, request.triggerData());
        } else if (!request.options().pins().containsKey(first)) {
            checks.checkInput(first, input, !request.options().skipDependencyCheck());
        }
    }

    /** Outputs that are given, by node: those of an earlier execution, and over them the pins. */
    private Map<String, PortValues> given(Flow flow, RunOptions options) {
        new StartChecks(flow).checkPins(options.pins());
        if (options.outputsFrom().isEmpty()) {
            return options.pins();
        }
        Map<String, PortValues> given =
                new HashMap<>(outputsOf(flow, options.outputsFrom().get()));
        given.putAll(options.pins());
        return Map.copyOf(given);
    }

    private Map<String, PortValues> outputsOf(Flow flow, String executionId) {
        RunSnapshot earlier = finished.apply(executionId).last();
        if (!earlier.flowId().equals(flow.id())) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "flow '" + flow.id() + "' cannot take outputs from execution " + executionId
                                    + ", which is one of flow '" + earlier.flowId() + "'")
                    .suggestedResolution("Name an execution of the same flow.")
                    .build();
        }
        Map<String, PortValues> outputs = new HashMap<>();
        for (int node = 0; node < earlier.layout().size(); node++) {
            String id = earlier.layout().definition(node).id();
            // A newer version of the flow may do without the node.
            if (earlier.table().status(node) == NodeStatus.COMPLETED
                    && flow.node(id).isPresent()) {
                outputs.put(id, earlier.outputs(node));
            }
        }
        new StartChecks(flow).checkPins(outputs);
        return outputs;
    }

    private static RunInputs inputs(StartRequest request, PlanLayout layout, Map<String, PortValues> given) {
        Map<Integer, PortValues> supplied = new HashMap<>();
        given.forEach((id, values) -> {
            int node = layout.numberOf(id);
            if (node >= layout.size()) {
                supplied.put(node, values);
            }
        });
        Map<Integer, PortValues> pins = new HashMap<>();
        request.options().pins().forEach((id, values) -> {
            int node = layout.numberOf(id);
            if (node >= 0 && node < layout.size()) {
                pins.put(node, values);
            }
        });
        return new RunInputs(request.triggerData(), request.input(), Map.copyOf(pins), Map.copyOf(supplied));
    }

    private FlowRun newRun(Admitted admitted, CompiledPlan plan, RunInputs inputs, RunOwner owner) {
        PlanLayout layout = plan.layout();
        Effects effects = new Effects(services.events().hasListeners());
        StartLog startLog = new StartLog(
                layout.queuedNodes(),
                layout.size() - layout.queuedNodes() + inputs.pins().size());
        ExecutionMachine machine = new ExecutionMachine(layout, inputs, effects, startLog);
        Instant now = services.time().instant();
        FlowIndex index = plans.index(admitted.flow());
        @Nullable NodeTimes times = services.nodeTimes() ? new NodeTimes(layout.size(), services.time(), now) : null;
        String executionId = UUID.randomUUID().toString();
        RunScope scope = new RunScope(
                executionId,
                admitted.redriveOf(),
                Objects.requireNonNullElse(admitted.keysOf(), executionId),
                admitted.automatic(),
                admitted.flow(),
                index,
                layout,
                machine.nodes(),
                inputs,
                new InputReader(layout, machine.nodes(), inputs),
                admitted.options(),
                now,
                startLog,
                times,
                new RunReports(services.time(), services.events().hasListeners()),
                services.loggingContext());
        RunPlan run = new RunPlan(plan, plans.durations(admitted.flow()), services.workers(), services.bodyThreads());
        return new FlowRun(services, run, scope, machine, owner);
    }

    /**
     * What is said about an execution besides what it is given.
     *
     * @param flow its flow
     * @param redriveOf the execution it redrives, or null
     * @param keysOf the execution whose idempotency keys it keeps, or null
     * @param automatic how many executions in a row the engine has redriven by itself, this one included
     * @param options how it runs
     */
    private record Admitted(
            Flow flow, @Nullable String redriveOf, @Nullable String keysOf, int automatic, RunOptions options) {}
}
