package dev.flowengine.internal.attempt;

import dev.flowengine.flow.CachePolicy;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.internal.machine.ChildCall;
import dev.flowengine.internal.machine.Suspension;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.AsyncBody;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.NodeBody;
import dev.flowengine.node.NodeInterceptor;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.SubflowBody;
import dev.flowengine.node.ValueBody;
import dev.flowengine.node.WaitingBody;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The call of a body of any kind, through whoever stands around it. What comes of it is a value, PortValues or a stage. */
final class BodyCall {
    private final @Nullable CachedResults results;
    private final BodyContext context;
    private final NodeDefinition node;
    private final NodeBody body;
    private @Nullable CompletionStage<?> started;

    BodyCall(BodyContext context, NodeDefinition node, @Nullable CachedResults results) {
        this.results = results;
        this.context = context;
        this.node = node;
        this.body = node.body().orElseThrow();
    }

    /** Calls the body through the interceptors, the first one outermost. */
    @Nullable
    Object through(List<NodeInterceptor> interceptors) throws Exception {
        return from(0, interceptors);
    }

    boolean emits() {
        return body instanceof EmittingBody;
    }

    boolean waits() {
        return body instanceof WaitingBody || body instanceof SubflowBody;
    }

    /** What a node waits for from now on whose body, or an interceptor, has made the time. */
    Suspension suspension(@Nullable Object made, Instant now) {
        return body instanceof SubflowBody subflow ? child(subflow, made) : wait((WaitingBody) body, made, now);
    }

    private Suspension child(SubflowBody subflow, @Nullable Object made) {
        if (made != null) {
            throw unlikeItsBody(node, "nothing itself, as it starts an execution", made);
        }
        return Suspension.of(new ChildCall(context.childId(), subflow.awaited(), false));
    }

    private Suspension wait(WaitingBody waiting, @Nullable Object made, Instant now) {
        AwaitedSignal signal = waiting.signal().orElse(null);
        if (made == null && signal != null) {
            return new Suspension(null, null, signal);
        }
        if (waiting.isLasting() && made instanceof Duration delay) {
            Duration left = delay.isNegative() ? Duration.ZERO : delay;
            return new Suspension(after(now, left), left, signal);
        }
        if (!waiting.isLasting() && made instanceof Instant until) {
            return new Suspension(until, null, signal);
        }
        throw FlowException.of(
                        FailureKind.NODE_EXECUTION_FAILED,
                        "node '" + node.id() + "' is to wait for " + made + ", which is no "
                                + (waiting.isLasting() ? "duration" : "instant"))
                .affectedNodes(List.of(node.id()))
                .suggestedResolution("Say for how long it waits, or until when.")
                .build();
    }

    private static Instant after(Instant now, Duration delay) {
        try {
            return now.plus(delay);
        } catch (DateTimeException | ArithmeticException never) {
            return Instant.MAX;
        }
    }

    /** What came of a body that emits. An interceptor may have made it: it has to be what the node may emit. */
    PortValues emitted(@Nullable Object made) {
        if (!(made instanceof PortValues values)) {
            throw unlikeItsBody(node, "a PortValues", made);
        }
        PortEmitter emitter = new PortEmitter(node);
        values.asMap().forEach(emitter::emit);
        return emitter.accepted();
    }

    /** The stage of the body itself, which interceptors may have put another one behind; null if it was not called. */
    @Nullable
    CompletionStage<?> started() {
        return started;
    }

    /** What came of a body that goes on without a thread. */
    CompletionStage<?> stage(@Nullable Object made) {
        if (made == null) {
            throw new NullPointerException("the body of node '" + node.id() + "' returned null instead of a stage");
        }
        if (made instanceof CompletionStage<?> stage) {
            return stage;
        }
        throw unlikeItsBody(node, "a CompletionStage", made);
    }

    private @Nullable Object from(int next, List<NodeInterceptor> interceptors) throws Exception {
        return next == interceptors.size()
                ? call()
                : interceptors.get(next).intercept(context, () -> from(next + 1, interceptors));
    }

    private @Nullable Object call() throws Exception {
        CachePolicy policy = results == null ? null : node.cache().orElse(null);
        return results == null || policy == null ? callBody() : results.through(context, policy, body, this::callBody);
    }

    private @Nullable Object callBody() throws Exception {
        if (body instanceof ValueBody value) {
            return value.call(context);
        }
        if (body instanceof EmittingBody emitting) {
            PortEmitter emitter = new PortEmitter(node);
            emitting.run(context, emitter);
            return emitter.accepted();
        }
        if (body instanceof WaitingBody waiting) {
            Optional<ValueBody> time = waiting.time();
            return time.isEmpty() ? null : time.get().call(context);
        }
        if (body instanceof SubflowBody) {
            return null;
        }
        started = ((AsyncBody) body).start(context);
        return started;
    }

    static FlowException unlikeItsBody(NodeDefinition node, String expected, @Nullable Object made) {
        return FlowException.of(
                        FailureKind.NODE_EXECUTION_FAILED,
                        "an interceptor gave node '" + node.id() + "' "
                                + (made == null
                                        ? "null"
                                        : "a value of " + made.getClass().getName())
                                + ", but its body makes " + expected)
                .affectedNodes(List.of(node.id()))
                .suggestedResolution("Return from the interceptor what its invocation returned, or the like of it.")
                .build();
    }
}
