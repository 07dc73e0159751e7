package dev.flowengine.flow;

import dev.flowengine.node.AsyncBody;
import dev.flowengine.node.Emitter;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.Input;
import dev.flowengine.node.Inputs;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.ValueBody;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns typed functions into bodies over ports. The casts are sound because {@link FlowBuilder} connects to each port
 * only outputs of the function's parameter type; a value is null only where that type admits null.
 */
@SuppressWarnings({"unchecked", "NullAway"})
final class TypedBodies {
    private TypedBodies() {}

    static <A extends @Nullable Object, R extends @Nullable Object> ValueBody of(
            NodeDraft draft, boolean optional, ThrowingFunction<? super A, ? extends R> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, List.of(optional));
        return context -> body.apply((A) inputs.at(context, 0));
    }

    static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> ValueBody of(
            NodeDraft draft, List<Boolean> optional, ThrowingBiFunction<? super A, ? super B, ? extends R> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, optional);
        return context -> body.apply((A) inputs.at(context, 0), (B) inputs.at(context, 1));
    }

    static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            ValueBody of(
                    NodeDraft draft,
                    List<Boolean> optional,
                    ThrowingTriFunction<? super A, ? super B, ? super C, ? extends R> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, optional);
        return context -> body.apply((A) inputs.at(context, 0), (B) inputs.at(context, 1), (C) inputs.at(context, 2));
    }

    static <R extends @Nullable Object> ValueBody ofInputs(ThrowingFunction<? super Inputs, ? extends R> body) {
        return context -> body.apply(context.inputs());
    }

    static <A extends @Nullable Object, R extends @Nullable Object> ValueBody ofContext(
            NodeDraft draft, boolean optional, ThrowingBiFunction<? super A, NodeContext, ? extends R> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, List.of(optional));
        return context -> body.apply((A) inputs.at(context, 0), context);
    }

    static <R extends @Nullable Object> ValueBody ofInputsAndContext(
            ThrowingBiFunction<? super Inputs, NodeContext, ? extends R> body) {
        return context -> body.apply(context.inputs(), context);
    }

    static <A extends @Nullable Object, R extends @Nullable Object> AsyncBody async(
            NodeDraft draft,
            boolean optional,
            ThrowingFunction<? super A, ? extends CompletionStage<? extends R>> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, List.of(optional));
        return context -> body.apply((A) inputs.at(context, 0));
    }

    static <R extends @Nullable Object> AsyncBody asyncInputs(
            ThrowingFunction<? super Inputs, ? extends CompletionStage<? extends R>> body) {
        return context -> body.apply(context.inputs());
    }

    static <A extends @Nullable Object> ValueBody action(
            NodeDraft draft, boolean optional, ThrowingConsumer<? super A> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, List.of(optional));
        return context -> {
            body.accept((A) inputs.at(context, 0));
            return null;
        };
    }

    static ValueBody actionOfInputs(ThrowingConsumer<? super Inputs> body) {
        return context -> {
            body.accept(context.inputs());
            return null;
        };
    }

    static <A extends @Nullable Object> EmittingBody router(
            NodeDraft draft, boolean optional, ThrowingBiConsumer<? super A, Emitter> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, List.of(optional));
        return (context, emitter) -> body.accept((A) inputs.at(context, 0), emitter);
    }

    static EmittingBody routerOfInputs(ThrowingBiConsumer<? super Inputs, Emitter> body) {
        return (context, emitter) -> body.accept(context.inputs(), emitter);
    }

    private static Optional<?> optionalAt(NodeContext context, String port) {
        Input<?> input = context.inputs().port(port);
        return Optional.ofNullable(input.valueOrNull());
    }

    /** Reads the ports of a node in declaration order. */
    private record PositionalInputs(List<String> ports, List<Boolean> optional) {

        static PositionalInputs of(NodeDraft draft, List<Boolean> optional) {
            List<String> ports = IntStream.range(0, optional.size())
                    .mapToObj(draft::inputName)
                    .toList();
            return new PositionalInputs(ports, optional);
        }

        @Nullable
        Object at(NodeContext context, int index) {
            String port = ports.get(index);
            if (optional.get(index)) {
                return optionalAt(context, port);
            }
            return index == 0 ? context.input() : context.inputs().port(port).valueOrNull();
        }
    }
}
