package dev.flowengine.settlement;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.model.FlowException;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.TypeRef;
import dev.flowengine.node.WaitingBody;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Has nodes of a case wait for what their bodies would return, which comes as a signal from another thread: before the
 * node waits, or after.
 */
final class CaseSignals {
    private static final Duration NEVER = Duration.ofHours(1);

    private final Executor senders;
    private final Map<String, Object> sent = new ConcurrentHashMap<>();
    private volatile @Nullable FlowEngine engine;

    CaseSignals(Executor senders) {
        this.senders = senders;
    }

    /** Who runs the executions from now on. */
    void on(FlowEngine next) {
        engine = next;
    }

    /** A body that computes its value like another one, and then waits until somebody sends it. */
    WaitingBody of(String node, boolean limited, ValueOf value) {
        return WaitingBody.forSignal(AwaitedSignal.of(node, TypeRef.of(Object.class)))
                .atMost(context -> {
                    Object result = value.of(context);
                    String execution = context.execution().executionId();
                    sent.put(node, result);
                    senders.execute(() -> send(execution, node, result));
                    return limited ? NEVER : null;
                });
    }

    /** Sends again what may have been lost with an engine. */
    void resend(FlowExecution run) {
        sent.forEach((node, value) -> run.signal(node, value, "to " + node));
    }

    private void send(String execution, String node, Object value) {
        FlowEngine now = engine;
        try {
            if (now != null) {
                now.signal(execution, node, value, "to " + node);
            }
        } catch (FlowException lost) {
            // With its engine or store: it is sent again, if the execution goes on.
        }
    }

    /** Computes what a body returns. */
    @FunctionalInterface
    interface ValueOf {

        Object of(NodeContext context);
    }
}
