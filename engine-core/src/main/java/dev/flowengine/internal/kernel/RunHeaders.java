package dev.flowengine.internal.kernel;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.internal.attempt.Ancestry;
import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.journal.Payloads;
import dev.flowengine.internal.journal.RunPayloads;
import dev.flowengine.internal.journal.StartCodec;
import dev.flowengine.internal.journal.StoredStart;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.persistence.FlowKey;
import dev.flowengine.persistence.NodeRun;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.RunHeader;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.StartKind;
import dev.flowengine.plan.Start;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is kept of an execution from its start on. */
final class RunHeaders {
    private RunHeaders() {}

    static RunHeader of(RunScope scope, CompiledPlan plan, RunInput input, StartCodec codec, int activeAtStart) {
        Start start = plan.start();
        FlowKey flow = new FlowKey(scope.flow().id(), scope.flow().version());
        StartKind kind = StartKind.valueOf(start.kind().name());
        RunHeader.Builder header = RunHeader.of(scope.executionId(), flow, start.nodeId(), scope.startedAt())
                .startKind(kind)
                .affectedNodes(Arrays.asList(scope.layout().nodeIds())
                        .subList(0, scope.layout().declared()))
                .activeAtStart(activeAtStart)
                .userId(scope.options().userId().orElse(null))
                .parent(parent(scope.ancestry()))
                .redriveOf(scope.redriveOf())
                .keysOf(scope.keysOf().equals(scope.executionId()) ? null : scope.keysOf());
        scope.options()
                .key()
                .ifPresent(key -> header.key(key)
                        .inputDigest(
                                codec.digest(scope.flow(), scope.layout(), kind, storedStart(scope, plan), input)));
        return header.build();
    }

    static RunInput input(RunScope scope, CompiledPlan plan, Payloads payloads, StartCodec codec) {
        Optional<Payload> data = Optional.empty();
        if (plan.start().kind() == Start.Kind.TRIGGER) {
            NodeDefinition trigger = scope.layout().definition(scope.layout().startNode());
            String port = trigger.shape().outputs().get(0);
            data = Optional.of(payloads.encode(trigger, port, scope.inputs().triggerData()));
        }
        return new RunInput(data, Optional.of(codec.encode(scope.flow(), scope.layout(), storedStart(scope, plan))));
    }

    /** The same as rows may hold it. */
    static RunInput kept(RunInput input, RunScope scope, RunPayloads payloads) {
        String start = scope.nodeId(scope.layout().startNode());
        return new RunInput(
                input.data().map(data -> payloads.kept(start, data)),
                input.options().map(options -> payloads.kept("", options)));
    }

    private static StoredStart storedStart(RunScope scope, CompiledPlan plan) {
        return new StoredStart(
                plan.target(),
                plan.given(),
                scope.options().timeout().orElse(null),
                scope.options().deadline().orElse(null),
                scope.automatic(),
                scope.inputs(),
                caller(scope.ancestry()));
    }

    private static @Nullable NodeRun parent(@Nullable Ancestry ancestry) {
        return ancestry == null ? null : new NodeRun(ancestry.executionId(), ancestry.nodeId(), ancestry.iteration());
    }

    private static StoredStart.@Nullable Caller caller(@Nullable Ancestry ancestry) {
        return ancestry == null ? null : new StoredStart.Caller(ancestry.flows(), ancestry.awaited());
    }

    /** Where a kept execution comes from; null unless a node of another one has started it. */
    static @Nullable Ancestry ancestry(RunHeader header, StoredStart start) {
        NodeRun parent = header.parent().orElse(null);
        StoredStart.Caller caller = start.caller();
        return parent == null || caller == null
                ? null
                : new Ancestry(
                        parent.executionId(), parent.nodeId(), parent.iteration(), caller.flows(), caller.awaits());
    }
}
