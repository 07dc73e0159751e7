package dev.flowengine.flow;

import dev.flowengine.node.AsyncBody;
import dev.flowengine.node.CompensatingBody;
import dev.flowengine.node.Emitter;
import dev.flowengine.node.EmittingBody;
import dev.flowengine.node.Inputs;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.ValueBody;
import java.util.List;
import java.util.Objects;
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
            NodeDraft draft, ThrowingFunction<? super A, ? extends R> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, 1);
        return context -> body.apply((A) inputs.at(context, 0));
    }

    static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> ValueBody of(
            NodeDraft draft, ThrowingBiFunction<? super A, ? super B, ? extends R> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, 2);
        return context -> body.apply((A) inputs.at(context, 0), (B) inputs.at(context, 1));
    }

    static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            ValueBody of(NodeDraft draft, ThrowingTriFunction<? super A, ? super B, ? super C, ? extends R> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, 3);
        return context -> body.apply((A) inputs.at(context, 0), (B) inputs.at(context, 1), (C) inputs.at(context, 2));
    }

    static <R extends @Nullable Object> ValueBody ofInputs(ThrowingFunction<? super Inputs, ? extends R> body) {
        return context -> body.apply(context.inputs());
    }

    static <A extends @Nullable Object, R extends @Nullable Object> ValueBody ofContext(
            NodeDraft draft, ThrowingBiFunction<? super A, NodeContext, ? extends R> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, 1);
        return context -> body.apply((A) inputs.at(context, 0), context);
    }

    static <R extends @Nullable Object> ValueBody ofInputsAndContext(
            ThrowingBiFunction<? super Inputs, NodeContext, ? extends R> body) {
        return context -> body.apply(context.inputs(), context);
    }

    static <A extends @Nullable Object, R extends @Nullable Object> AsyncBody async(
            NodeDraft draft, ThrowingFunction<? super A, ? extends CompletionStage<? extends R>> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, 1);
        return context -> body.apply((A) inputs.at(context, 0));
    }

    static <R extends @Nullable Object> AsyncBody asyncInputs(
            ThrowingFunction<? super Inputs, ? extends CompletionStage<? extends R>> body) {
        return context -> body.apply(context.inputs());
    }

    static <A extends @Nullable Object> ValueBody action(NodeDraft draft, ThrowingConsumer<? super A> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, 1);
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
            NodeDraft draft, ThrowingBiConsumer<? super A, Emitter> body) {
        PositionalInputs inputs = PositionalInputs.of(draft, 1);
        return (context, emitter) -> body.accept((A) inputs.at(context, 0), emitter);
    }

    static EmittingBody routerOfInputs(ThrowingBiConsumer<? super Inputs, Emitter> body) {
        return (context, emitter) -> body.accept(context.inputs(), emitter);
    }

    static <T extends @Nullable Object> CompensatingBody compensating(
            String port, ThrowingBiConsumer<? super T, NodeContext> body) {
        Objects.requireNonNull(body, "body");
        return (outputs, context) -> body.accept((T) outputs.asMap().get(port), context);
    }

    /** Reads the first ports of a node in declaration order. Holds no part of the draft: bodies outlive it. */
    private record PositionalInputs(List<PositionalInput> inputs) {

        static PositionalInputs of(NodeDraft draft, int count) {
            return new PositionalInputs(IntStream.range(0, count)
                    .mapToObj(draft::port)
                    .map(port -> new PositionalInput(port.name(), port.optional()))
                    .toList());
        }

        @Nullable
        Object at(NodeContext context, int index) {
            PositionalInput input = inputs.get(index);
            if (input.optional()) {
                return Optional.ofNullable(context.inputs().port(input.port()).valueOrNull());
            }
            return index == 0
                    ? context.input()
                    : context.inputs().port(input.port()).valueOrNull();
        }
    }

    /** An input port, and whether the function takes an {@code Optional}. */
    private record PositionalInput(String port, boolean optional) {}
}
