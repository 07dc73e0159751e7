package dev.flowengine.internal.kernel;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.Timeouts;
import dev.flowengine.internal.attempt.Ancestry;
import dev.flowengine.internal.attempt.NodeTimes;
import dev.flowengine.internal.attempt.RunReports;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.journal.Offload;
import dev.flowengine.internal.journal.Pauses;
import dev.flowengine.internal.journal.Payloads;
import dev.flowengine.internal.journal.StoredRun;
import dev.flowengine.internal.journal.StoredStart;
import dev.flowengine.internal.journal.VolatileJournal;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.layout.EngineDefaults;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.layout.Target;
import dev.flowengine.internal.machine.Effects;
import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.InputReader;
import dev.flowengine.internal.machine.Loops;
import dev.flowengine.internal.machine.RunInputs;
import dev.flowengine.internal.machine.StartLog;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunImage;
import dev.flowengine.persistence.RunTrail;
import dev.flowengine.plan.ExecutionPlan;
import dev.flowengine.plan.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Turns starts into executions that have not begun, or refuses them. */
final class Starter {
    private final EngineServices services;
    private final PlanCache plans;
    private final Function<String, RunResult> finished;
    private final @Nullable DurableRuns durable;

    /**
     * Creates a starter.
     *
     * @param services what executions use
     * @param timeouts how long things may take of which no flow says it
     * @param finished finds the end of an earlier execution, or refuses
     * @param durable keeps executions; null if they live in memory
     */
    Starter(
            EngineServices services,
            Timeouts timeouts,
            Function<String, RunResult> finished,
            @Nullable DurableRuns durable) {
        this.durable = durable;
        this.services = services;
        boolean largeOutputs = durable != null && durable.keepsBlobs();
        this.plans = new PlanCache(new EngineDefaults(timeouts, largeOutputs), services.time());
        this.finished = finished;
    }

    ExecutionPlan plan(Flow flow, Start start, RunOptions options) {
        GivenOutputs given = GivenOutputs.of(flow, options, finished);
        CompiledPlan plan = compile(flow, start, options, given);
        given.requireKept(plan);
        return given.pins().isEmpty()
                ? plan.describe()
                : plan.describe(
                        given.pinned(plan.layout()).keySet().stream().mapToInt(Integer::intValue), IntStream.empty());
    }

    FlowRun prepare(StartRequest request, RunOwner owner) {
        return prepare(request, new Admitted(request.flow(), null, null, 0, request.options(), null), owner);
    }

    /** An execution that a node of another one starts. */
    FlowRun prepare(ChildStart child, RunOwner owner) {
        StartRequest request = child.request();
        Admitted admitted =
                new Admitted(request.flow(), child.redriveOf(), child.keysOf(), 0, request.options(), child);
        return prepare(request, admitted, owner);
    }

    private FlowRun prepare(StartRequest request, Admitted admitted, RunOwner owner) {
        Flow flow = request.flow();
        RunOptions options = request.options();
        GivenOutputs given = GivenOutputs.of(flow, options, finished);
        CompiledPlan plan = compile(flow, request.start(), options, given);
        given.requireKept(plan);
        plan.requireStartable(!options.skipDependencyCheck());
        RunInputs inputs = inputs(request, plan.layout(), given);
        return newRun(admitted, plan, inputs, owner);
    }

    /** A new execution that takes over what an earlier one has completed. */
    FlowRun redrive(Redriving request, RunOwner owner) {
        RunSnapshot earlier = request.earlier().last();
        String keysOf = request.keepKeys() ? earlier.scope().keysOf() : null;
        Admitted admitted = new Admitted(
                request.flow(), earlier.executionId(), keysOf, request.automatic(), request.options(), null);
        return newRun(admitted, request.plan(), request.inputs(), owner);
    }

    CompiledPlan compile(Flow flow, Start start, @Nullable Target target, Set<String> given) {
        return plans.plan(flow, start, target, given);
    }

    private CompiledPlan compile(Flow flow, Start start, RunOptions options, GivenOutputs given) {
        return plans.plan(flow, start, Target.of(options), given.nodes());
    }

    private static RunInputs inputs(StartRequest request, PlanLayout layout, GivenOutputs given) {
        StartChecks checks = new StartChecks(request.flow());
        String first = layout.definition(layout.startNode()).id();
        PortValues byHand = request.input();
        PortValues input = null;
        if (byHand == null) {
            checks.checkTriggerData(first, request.triggerData());
        } else {
            checks.checkMoved(request.start().nodeId(), first, byHand);
            input = given.startInput(layout, byHand);
            if (!given.pins().containsKey(first)) {
                checks.checkInput(first, input, !request.options().skipDependencyCheck());
            }
        }
        return new RunInputs(request.triggerData(), input, given.pinned(layout), given.supplied(layout))
                .laidOut(layout);
    }

    private FlowRun newRun(Admitted admitted, CompiledPlan plan, RunInputs inputs, RunOwner owner) {
        ChildStart child = admitted.child();
        String executionId = child == null ? UUID.randomUUID().toString() : child.executionId();
        Identity identity = new Identity(
                executionId,
                admitted.redriveOf(),
                Objects.requireNonNullElse(admitted.keysOf(), executionId),
                admitted.automatic(),
                services.time().instant(),
                Duration.ZERO,
                child == null ? null : child.ancestry());
        RunInputs own = durable == null ? inputs : durable.own(executionId, inputs);
        RunParts parts = parts(identity, admitted.flow(), admitted.options(), plan, own);
        FlowRun created = new FlowRun(
                services,
                parts,
                owner,
                run -> durable == null ? new VolatileJournal() : durable.begin(run, parts.scope(), plan));
        if (durable != null) {
            durable.lookAfter(created);
        }
        return created;
    }

    /** An execution that somebody has left, to go on with. */
    FlowRun restore(RunImage image, Flow flow, long epoch, RunOwner owner) {
        DurableRuns runs = Objects.requireNonNull(durable);
        Stored stored = stored(image, flow, runs);
        RunScope scope = stored.parts().scope();
        FlowRun run = new FlowRun(services, stored.parts(), owner, any -> runs.goOn(any, scope, stored.run(), epoch));
        Instant now = services.time().instant();
        run.restore(stored.run().state(runs.payloads(), now), stored.run().spent(now));
        Offload.Last letGo = stored.letGo();
        if (letGo != null) {
            run.toldBefore(letGo.told(), stored.run().spent(letGo.at()));
        }
        run.control().hide();
        // Last: from now on it may be dropped, by any thread.
        runs.lookAfter(run);
        return run;
    }

    /** What there is to see of an execution that goes on elsewhere, or has ended. */
    RunResult view(RunImage image, Flow flow) {
        Stored stored = stored(image, flow, Objects.requireNonNull(durable));
        RunSnapshot last = last(image, stored);
        ExecutionMachine machine = stored.parts().machine();
        boolean ended = machine.status().isTerminal();
        return new RunResult(last, ended ? RunEnd.failure(stored.parts().scope(), machine, last) : null);
    }

    /** What an execution has come to, as far as it is told; not how it failed, of which nothing need be left. */
    RunResult part(RunImage image, Flow flow) {
        return new RunResult(last(image, stored(image, flow, Objects.requireNonNull(durable))), null);
    }

    private RunSnapshot last(RunImage image, Stored stored) {
        RunScope scope = stored.parts().scope();
        ExecutionMachine machine = stored.parts().machine();
        Instant now = services.time().instant();
        machine.view(stored.run().state(Objects.requireNonNull(durable).payloads(), now));
        return new RunSnapshot(
                scope,
                stored.parts().plan(),
                new RunSnapshot.Moment(
                        machine.status(), machine.nodes(), scope.startLog().nodes(), machine.compensations()),
                scope.times(),
                image.run().state().endedAt().orElse(now));
    }

    private Stored stored(RunImage image, Flow flow, DurableRuns runs) {
        RunHeader header = image.run().header();
        Start start = new Start(Start.Kind.valueOf(header.startKind().name()), header.startNode());
        Object triggerData = triggerData(image, flow, runs);
        CompiledPlan[] plan = new CompiledPlan[1];
        StoredStart how = runs.starts().decode(image.input().options().orElseThrow(), flow, triggerData, known -> {
            plan[0] = plans.plan(flow, start, known.target(), known.given());
            return plan[0].layout();
        });
        Optional<RunTrail> trail = runs.store().trail(header.executionId());
        StoredRun run = StoredRun.of(
                image,
                plan[0].layout(),
                trail.map(any -> Pauses.of(any.audit())).orElse(Pauses.NONE));
        RunOptions.Builder options = RunOptions.builder();
        header.userId().ifPresent(options::userId);
        header.key().ifPresent(options::key);
        Optional.ofNullable(how.timeout()).ifPresent(options::timeout);
        Optional.ofNullable(how.deadline()).ifPresent(options::deadline);
        Optional.ofNullable(how.target()).ifPresent(target -> target.addTo(options));
        Duration since = Duration.between(header.createdAt(), services.time().instant());
        Identity identity = new Identity(
                header.executionId(),
                header.redriveOf().orElse(null),
                header.keysOf().orElse(header.executionId()),
                how.automatic(),
                header.createdAt(),
                since,
                RunHeaders.ancestry(header, how));
        RunParts parts = parts(identity, flow, options.build(), plan[0], how.inputs());
        run.tellStarts(parts.scope().startLog()::record, parts.scope().times());
        run.tellCached(node -> parts.scope().reports().cached(node, true));
        trail.ifPresent(any -> parts.scope().reports().restore(any.logs()));
        return new Stored(
                run, parts, trail.map(any -> Offload.last(any.audit())).orElse(null));
    }

    private static @Nullable Object triggerData(RunImage image, Flow flow, DurableRuns runs) {
        String startNode = image.run().header().startNode();
        NodeDefinition trigger = flow.node(startNode)
                .orElseThrow(() -> FlowException.of(
                                FailureKind.INVALID_FLOW_STATE,
                                "flow '" + flow.id() + "' has no node '" + startNode + "'")
                        .suggestedResolution("Register the flow as it was when the execution started.")
                        .build());
        return image.input()
                .data()
                .map(data -> runs.payloads()
                        .decode(
                                data,
                                Payloads.typeOf(
                                                trigger,
                                                trigger.shape().outputs().get(0))
                                        .orElseThrow()))
                .orElse(null);
    }

    private RunPlan runPlan(CompiledPlan plan, Flow flow) {
        return new RunPlan(plan, plans.durations(flow), services.workers(), services.bodyThreads());
    }

    private RunParts parts(Identity identity, Flow flow, RunOptions options, CompiledPlan plan, RunInputs inputs) {
        PlanLayout layout = plan.layout();
        boolean observed = services.events().hasListeners();
        // Of an execution that is kept, every change is written; of one that was left, all that had started is
        // recorded.
        Effects effects = new Effects(observed || durable != null);
        int recorded = layout.size() - (durable == null ? layout.queuedNodes() : 0);
        StartLog startLog = new StartLog(
                layout.queuedNodes(),
                recorded + inputs.pins().size(),
                layout.loops().isEmpty() ? 0 : layout.size());
        ExecutionMachine machine = new ExecutionMachine(layout, inputs, effects, startLog);
        keep(flow, machine, layout);
        @Nullable
        NodeTimes times = services.nodeTimes()
                ? new NodeTimes(layout.size(), services.time(), identity.startedAt(), identity.since())
                : null;
        RunScope scope = new RunScope(
                identity.executionId(),
                identity.redriveOf(),
                identity.keysOf(),
                identity.automatic(),
                flow,
                plans.index(flow),
                layout,
                machine.nodes(),
                inputs,
                new InputReader(layout, machine.nodes(), inputs),
                options,
                identity.startedAt(),
                startLog,
                times,
                new RunReports(services.time(), observed),
                services.loggingContext(),
                machine.loops(),
                identity.ancestry());
        return new RunParts(runPlan(plan, flow), scope, machine);
    }

    /** Has outputs let go of, if the flow says so, or else what items brought back kept, unless a store does. */
    private void keep(Flow flow, ExecutionMachine machine, PlanLayout layout) {
        Loops loops = machine.loops();
        if (flow.releasesOutputs()) {
            machine.nodes().releaseOutputs(layout);
        } else if (durable == null && loops != null && loops.maps() != null) {
            loops.maps().keepItems();
        }
    }

    /** What was read of an execution, and when it was let go of last, if it was. */
    private record Stored(StoredRun run, RunParts parts, Offload.@Nullable Last letGo) {}

    /** What an execution is known by, and since when it has been going on. */
    private record Identity(
            String executionId,
            @Nullable String redriveOf,
            String keysOf,
            int automatic,
            Instant startedAt,
            Duration since,
            @Nullable Ancestry ancestry) {}

    /**
     * What is said about an execution besides what it is given.
     *
     * @param flow its flow
     * @param redriveOf the execution it redrives, or null
     * @param keysOf the execution whose idempotency keys it keeps, or null
     * @param automatic how many executions in a row the engine has redriven by itself, this one included
     * @param options how it runs
     * @param child what is said of one that a node of another starts, or null
     */
    private record Admitted(
            Flow flow,
            @Nullable String redriveOf,
            @Nullable String keysOf,
            int automatic,
            RunOptions options,
            @Nullable ChildStart child) {}
}
