package dev.flowengine.flow;

import dev.flowengine.graph.Ports;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.ValueBody;
import dev.flowengine.node.WaitingBody;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The wait for a signal while its flow is being written. */
final class WaitDraft {
    private final NodeDraft draft;
    private AwaitedSignal signal;
    private @Nullable ValueBody time;
    private boolean lasting;

    WaitDraft(NodeDraft draft, AwaitedSignal signal) {
        this.draft = draft;
        this.signal = signal;
        apply();
    }

    void named(String name) {
        signal = new AwaitedSignal(name, signal.type(), signal.choices());
        apply();
    }

    void atMost(Duration limit) {
        Timeouts.requirePositive(limit, "deadline");
        time(context -> limit, true);
    }

    <I extends @Nullable Object> void notAfter(ThrowingFunction<? super I, Instant> instant) {
        time(TypedBodies.of(draft, instant), false);
    }

    private void time(ValueBody limit, boolean isDuration) {
        time = limit;
        lasting = isDuration;
        draft.output(Ports.DEADLINE, null);
        apply();
    }

    private void apply() {
        // Of an instant the host decides, and that may block.
        draft.computesOnly(time == null || lasting);
        WaitingBody forever = WaitingBody.forSignal(signal);
        draft.body(time == null ? forever : lasting ? forever.atMost(time) : forever.notAfter(time));
    }
}
