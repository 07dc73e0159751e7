package dev.flowengine.flow;

import dev.flowengine.node.Emitter;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.NodeContext;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Emits its input to the port of the first condition that holds. */
record BranchBody<T extends @Nullable Object>(
        Map<String, ThrowingPredicate<? super T>> conditions, Supplier<@Nullable String> otherwise)
        implements EmittingBody {

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // the builder connects only an Output<? extends T>
    public void run(NodeContext context, Emitter emitter) throws Exception {
        T value = (T) context.input();
        for (Map.Entry<String, ThrowingPredicate<? super T>> condition : conditions.entrySet()) {
            if (condition.getValue().test(value)) {
                emitter.emit(condition.getKey(), value);
                return;
            }
        }
        String fallback = otherwise.get();
        if (fallback != null) {
            emitter.emit(fallback, value);
        }
    }
}
