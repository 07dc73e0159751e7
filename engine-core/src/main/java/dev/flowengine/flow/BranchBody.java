package dev.flowengine.flow;

import dev.flowengine.node.Emitter;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.NodeContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Emits its input to the port of the first condition that holds. Changes only while its flow is being written. */
final class BranchBody<T extends @Nullable Object> implements EmittingBody {
    private final Map<String, ThrowingPredicate<? super T>> conditions = new LinkedHashMap<>();
    private @Nullable String otherwise;

    void when(String port, ThrowingPredicate<? super T> condition) {
        conditions.put(port, Objects.requireNonNull(condition, "condition"));
    }

    void otherwise(String port) {
        this.otherwise = port;
    }

    @Nullable
    String otherwise() {
        return otherwise;
    }

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
        if (otherwise != null) {
            emitter.emit(otherwise, value);
        }
    }
}
