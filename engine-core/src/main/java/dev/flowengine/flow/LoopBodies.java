package dev.flowengine.flow;

import dev.flowengine.node.Items;
import dev.flowengine.node.LoopBody;
import dev.flowengine.node.LoopItem;
import dev.flowengine.node.MapBody;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.TypeRef;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What the loops and maps of the builder go through. */
final class LoopBodies {
    private LoopBodies() {}

    /** The elements of a list. */
    static LoopBody each() {
        return (context, progress) -> {
            List<?> items = items(context.input());
            int next = progress.iterations();
            return next < items.size() ? LoopItem.of(items.get(next)) : LoopItem.none();
        };
    }

    /** All elements of a list. */
    static MapBody elements() {
        return new MapBody() {
            @Override
            public Items<?> open(NodeContext context) {
                return Items.of(items(context.input()));
            }

            @Override
            public OptionalInt width(@Nullable Object input) {
                return input instanceof List<?> items ? OptionalInt.of(items.size()) : OptionalInt.empty();
            }
        };
    }

    /** What a function makes of the input. */
    @SuppressWarnings({"unchecked", "NullAway"}) // the builder connects only an Output<? extends I>
    static <I extends @Nullable Object> MapBody opening(ThrowingFunction<? super I, ? extends Items<?>> source) {
        return context -> source.apply((I) context.input());
    }

    /** The elements of a list, so many at a time. */
    static LoopBody inBatches(int size) {
        return (context, progress) -> {
            List<?> items = items(context.input());
            long first = (long) progress.iterations() * size;
            if (first >= items.size()) {
                return LoopItem.none();
            }
            int end = (int) Math.min(items.size(), first + size);
            // A copy, which can be kept.
            return LoopItem.of(new ArrayList<>(items.subList((int) first, end)));
        };
    }

    /** The numbers from 1 on. */
    static LoopBody times(int times) {
        LoopBody counting = (context, progress) ->
                progress.iterations() < times ? LoopItem.of(progress.iterations() + 1) : LoopItem.none();
        return times > LoopBody.MAX_ITERATIONS ? counting.atMost(times) : counting;
    }

    /** What the loop is given, then what each iteration brings back, as long as a condition holds. */
    @SuppressWarnings({"unchecked", "NullAway"}) // the builder connects only an Output<? extends T>
    static <T extends @Nullable Object> LoopBody asLongAs(ThrowingPredicate<? super T> condition) {
        return (context, progress) -> {
            if (progress.iterations() > 0 && progress.results().isEmpty()) {
                return LoopItem.none();
            }
            T state = (T)
                    (progress.iterations() == 0
                            ? context.input()
                            : progress.results().get(0));
            return condition.test(state) ? LoopItem.of(state) : LoopItem.none();
        };
    }

    /** The type of the elements of a list type, as far as it says so. */
    static @Nullable TypeRef<?> elementType(TypeRef<?> list) {
        boolean known = list.type() instanceof ParameterizedType type && type.getRawType() == List.class;
        Type element = known ? ((ParameterizedType) list.type()).getActualTypeArguments()[0] : null;
        return element == null ? null : TypeRef.ofType(element);
    }

    private static List<?> items(@Nullable Object input) {
        if (input instanceof List<?> items) {
            return items;
        }
        throw new IllegalArgumentException("what goes through a list was given "
                + (input == null ? "null" : "a value of " + input.getClass().getName()));
    }
}
