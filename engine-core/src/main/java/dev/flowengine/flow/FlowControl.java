package dev.flowengine.flow;

import dev.flowengine.graph.NodeKind;
import dev.flowengine.graph.Ports;
import dev.flowengine.node.Items;
import dev.flowengine.node.LoopBody;
import dev.flowengine.node.MapBody;
import dev.flowengine.node.Output;
import dev.flowengine.node.TypeRef;
import dev.flowengine.node.WaitingBody;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The part of a builder that adds what runs several times, waits, or starts other flows. */
abstract class FlowControl {
    final DraftedFlow flow;

    FlowControl(DraftedFlow flow) {
        this.flow = flow;
    }

    /**
     * Adds a loop over the elements of a list: its body is written by a function that is given the handle of the element and
     * adds nodes, and runs for one element after the other. Nodes of the body may be fed by nodes outside too, which keep their
     * value in all iterations. What follows the loop is fed by its own handle.
     *
     * @param id unique in the flow
     * @param items the list
     * @param body adds the nodes of the body, and returns the handle of what an iteration brings back; null if nothing
     * @param <T> type of an element
     * @param <R> type of what an iteration brings back
     * @return its handle
     */
    public <T extends @Nullable Object, R extends @Nullable Object> LoopRef<R> loop(
            String id,
            Output<? extends List<? extends T>> items,
            Function<? super ItemRef<T>, ? extends @Nullable Output<? extends R>> body) {
        return new LoopRef<>(flow.loop(
                id, items, LoopBodies.each(), LoopBodies::elementType, draft -> body.apply(new ItemRef<>(draft))));
    }

    /**
     * As {@link #loop}, with several elements of the list at a time.
     *
     * @param id unique in the flow
     * @param items the list
     * @param size how many elements a batch has, at least 1; the last one may have fewer
     * @param body as for {@link #loop}, given the handle of the batch
     * @param <T> type of an element
     * @param <R> type of what an iteration brings back
     * @return its handle
     */
    public <T extends @Nullable Object, R extends @Nullable Object> LoopRef<R> loopInBatches(
            String id,
            Output<? extends List<? extends T>> items,
            int size,
            Function<? super ItemRef<List<T>>, ? extends @Nullable Output<? extends R>> body) {
        if (size < 1) {
            throw new IllegalArgumentException("loop '" + id + "' has batches of " + size + "; give at least 1");
        }
        return new LoopRef<>(flow.loop(
                id, items, LoopBodies.inBatches(size), list -> list, draft -> body.apply(new ItemRef<>(draft))));
    }

    /**
     * As {@link #loop}, so many times.
     *
     * @param id unique in the flow
     * @param input what the loop waits for
     * @param times how often the body runs, 0 or more
     * @param body as for {@link #loop}, given the handle of the number of the iteration, from 1
     * @param <R> type of what an iteration brings back
     * @return its handle
     */
    public <R extends @Nullable Object> LoopRef<R> loopTimes(
            String id,
            Output<?> input,
            int times,
            Function<? super ItemRef<Integer>, ? extends @Nullable Output<? extends R>> body) {
        if (times < 0) {
            throw new IllegalArgumentException("loop '" + id + "' is to run " + times + " times; give 0 or more");
        }
        LoopBody counting = LoopBodies.times(times);
        LoopDraft.TypeRule number = any -> TypeRef.of(Integer.class);
        return new LoopRef<>(flow.loop(
                id, input, counting, number, draft -> body.apply(new ItemRef<Integer>(draft).returns(Integer.class))));
    }

    /**
     * As {@link #loop}, as long as a condition holds: the first iteration is about the value given, each other one about what
     * the iteration before brought back. The loop ends after an iteration that brings nothing back.
     *
     * @param id unique in the flow
     * @param initial the first value
     * @param condition judged before every iteration, on the value that would be its item
     * @param body as for {@link #loop}, returning the handle of the next value
     * @param <T> type of the value
     * @return its handle, of all values but the first
     */
    public <T extends @Nullable Object> LoopRef<T> loopWhile(
            String id,
            Output<? extends T> initial,
            ThrowingPredicate<? super T> condition,
            Function<? super ItemRef<T>, ? extends @Nullable Output<? extends T>> body) {
        LoopBody asLongAs = LoopBodies.asLongAs(Objects.requireNonNull(condition, "condition"));
        return new LoopRef<>(flow.loop(id, initial, asLongAs, type -> type, draft -> body.apply(new ItemRef<>(draft))));
    }

    /**
     * Adds a map over the elements of a list: its body is written as that of a {@link #loop}, and runs for several elements at
     * once. What follows the map is fed by its own handle, with what came of the elements in their order.
     *
     * @param id unique in the flow
     * @param items the list
     * @param body adds the nodes of the body, and returns the handle of what an item brings back; null if nothing is to be held
     * @param <T> type of an element
     * @param <R> type of what an item brings back
     * @return its handle
     */
    public <T extends @Nullable Object, R extends @Nullable Object> MapRef<R> map(
            String id,
            Output<? extends List<? extends T>> items,
            Function<? super MapItemRef<T>, ? extends @Nullable Output<? extends R>> body) {
        return new MapRef<>(flow.loop(
                id,
                items,
                LoopBodies.elements(),
                LoopBodies::elementType,
                draft -> body.apply(new MapItemRef<>(draft))));
    }

    /**
     * As {@link #map}, over what a function makes of an input: the elements of a list, a stream or an iterator. On an engine
     * with a store, say what type an item has by {@link MapItemRef#returns(Class)}.
     *
     * @param id unique in the flow
     * @param input what feeds it
     * @param source opens the items; yields the same ones in the same order whenever it is given the same
     * @param body as for {@link #map}
     * @param <I> type of the input
     * @param <T> type of an item
     * @param <R> type of what an item brings back
     * @return its handle
     */
    public <I extends @Nullable Object, T extends @Nullable Object, R extends @Nullable Object> MapRef<R> mapOver(
            String id,
            Output<? extends I> input,
            ThrowingFunction<? super I, Items<T>> source,
            Function<? super MapItemRef<T>, ? extends @Nullable Output<? extends R>> body) {
        MapBody opening = LoopBodies.opening(Objects.requireNonNull(source, "source"));
        return new MapRef<>(flow.loop(id, input, opening, any -> null, draft -> body.apply(new MapItemRef<>(draft))));
    }

    /**
     * Adds a node that passes its input on after a time. No thread is held meanwhile; the time stands still while the
     * execution is paused.
     *
     * @param id unique in the flow
     * @param input what feeds it
     * @param time how long to wait, from when the node is ready; positive
     * @param <T> type of the value
     * @return its handle
     */
    public <T extends @Nullable Object> NodeRef<T> waitFor(String id, Output<? extends T> input, Duration time) {
        Timeouts.requirePositive(time, "time to wait");
        NodeDraft draft = waiting(id, NodeKind.NODE, input);
        draft.computesOnly(true);
        draft.body(WaitingBody.lasting(context -> time));
        return new NodeRef<>(draft);
    }

    /**
     * Adds a node that passes its input on once an instant has come, at once if it has by then. No thread is held
     * meanwhile.
     *
     * @param id unique in the flow
     * @param input what feeds it
     * @param instant computes the instant from the input
     * @param <T> type of the value
     * @return its handle
     */
    public <T extends @Nullable Object> NodeRef<T> waitUntil(
            String id, Output<? extends T> input, ThrowingFunction<? super T, Instant> instant) {
        NodeDraft draft = waiting(id, NodeKind.NODE, input);
        draft.body(WaitingBody.until(TypedBodies.of(draft, Objects.requireNonNull(instant, "instant"))));
        return new NodeRef<>(draft);
    }

    /**
     * Adds a node that waits for a signal, by default of the name of the node, and puts out what it brings. No thread is
     * held meanwhile. A signal that arrives before the node is ready is kept for it.
     *
     * @param id unique in the flow
     * @param input what feeds it
     * @param type type of what the signal brings
     * @param <I> type of the input
     * @param <T> type of what the signal brings
     * @return its handle
     */
    public <I extends @Nullable Object, T extends @Nullable Object> SignalRef<I, T> waitForSignal(
            String id, Output<? extends I> input, Class<T> type) {
        return waitForSignal(id, input, TypeRef.of(type));
    }

    /** As {@link #waitForSignal(String, Output, Class)}, for a type with generics. */
    public <I extends @Nullable Object, T extends @Nullable Object> SignalRef<I, T> waitForSignal(
            String id, Output<? extends I> input, TypeRef<T> type) {
        NodeDraft draft = waiting(id, NodeKind.BRANCH, input);
        draft.output(Ports.MAIN, type);
        return new SignalRef<>(draft, type);
    }

    /**
     * Adds a node that waits until a signal, by default of the name of the node, brings one of several choices as a
     * {@code String}, and passes its input on through the port of that name. No thread is held meanwhile.
     *
     * @param id unique in the flow
     * @param input what feeds it
     * @param choices what there is to choose from, at least one, each at most once
     * @param <T> type of the value
     * @return its handle
     */
    public <T extends @Nullable Object> ApprovalRef<T> approval(
            String id, Output<? extends T> input, String... choices) {
        return new ApprovalRef<>(flow.waiting(id, NodeKind.BRANCH, input), List.of(choices));
    }

    /**
     * Adds a node that starts an execution of another flow, its child, and waits for it without a thread. Its value is the
     * child's execution id, unless it is said what the child is {@linkplain SubflowRef#returning(Output) returning}. A child
     * that does not complete fails the node.
     *
     * @param id unique in the flow
     * @param input what the trigger is fired with
     * @param child the flow to start
     * @param trigger a trigger of that flow
     * @param <I> type of the data of the trigger
     * @return its handle
     */
    public <I extends @Nullable Object> SubflowRef<String> subflow(
            String id, Output<? extends I> input, Flow child, TriggerRef<I> trigger) {
        return new SubflowRef<>(SubflowDraft.of(subflowNode(id, input), child, trigger));
    }

    /**
     * As {@link #subflow(String, Output, Flow, TriggerRef)}, for another execution of the flow that is being written. How
     * deep that goes is limited by the engine.
     *
     * @param id unique in the flow
     * @param input what the trigger is fired with
     * @param trigger a trigger of this flow
     * @param <I> type of the data of the trigger
     * @return its handle
     */
    public <I extends @Nullable Object> SubflowRef<String> subflow(
            String id, Output<? extends I> input, TriggerRef<I> trigger) {
        return new SubflowRef<>(SubflowDraft.ofItself(subflowNode(id, input), trigger));
    }

    private NodeDraft subflowNode(String id, Output<?> input) {
        if (input instanceof OptionalInput<?>) {
            throw new IllegalArgumentException("node '" + id + "' of flow '" + flow.id()
                    + "' starts a flow with its input, which cannot be optional; give it the handle itself");
        }
        return flow.node(id, InputSpec.of(input));
    }

    private NodeDraft waiting(String id, NodeKind kind, Output<?> input) {
        NodeDraft draft = flow.waiting(id, kind, input);
        draft.output(Ports.MAIN, null);
        return draft;
    }
}
