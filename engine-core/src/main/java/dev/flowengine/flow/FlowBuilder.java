package dev.flowengine.flow;

import dev.flowengine.graph.Ports;
import dev.flowengine.node.Emitter;
import dev.flowengine.node.Inputs;
import dev.flowengine.node.NodeBody;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.Output;
import dev.flowengine.node.Port;
import dev.flowengine.node.TypeRef;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Writes a flow in which a handle is both a dependency and a value: a node can only be fed by nodes that were written
 * before it, so that a flow written here has no cycles.
 *
 * <p>There is one method for each kind of body, so that lambdas and method references are never ambiguous. Bodies may
 * throw; that fails their node. By default a body runs on a thread of its own kind (a virtual thread where there are
 * such), and may block; {@code cpuBound()} says otherwise. Node ids are explicit because they are stable names: they key
 * history and checkpoints. A handle is of use to its own builder only: another refuses it with an
 * {@link IllegalArgumentException}.
 *
 * <p>Not thread-safe.
 */
public final class FlowBuilder extends FlowControl {

    FlowBuilder(String id) {
        super(new DraftedFlow(id));
    }

    /**
     * Says which edition of the flow this is.
     *
     * @param version the version, {@code "1"} unless given
     * @return this
     */
    public FlowBuilder version(String version) {
        flow.open().version(version);
        return this;
    }

    /**
     * Says what an unhandled failure of a node means to the rest of an execution.
     *
     * @param mode the mode, {@link FailureMode#ISOLATE_BRANCH} unless given
     * @return this
     */
    public FlowBuilder failureMode(FailureMode mode) {
        flow.open().failureMode(mode);
        return this;
    }

    /**
     * Limits executions of the flow, and the nodes that do not say otherwise.
     *
     * @param timeouts the limits, {@link Timeouts#none()} unless given
     * @return this
     */
    public FlowBuilder timeouts(Timeouts timeouts) {
        flow.open().timeouts(timeouts);
        return this;
    }

    /**
     * Says when failed attempts are repeated, for every node that has a body and no policy of its own.
     *
     * @param policy the policy, {@link RetryPolicy#none()} unless given
     * @return this
     */
    public FlowBuilder retry(RetryPolicy policy) {
        flow.open().retry(policy);
        return this;
    }

    /**
     * Says after which ends of an execution its completed nodes are compensated, those that have a compensation.
     *
     * @param policy the policy, {@link CompensationPolicy#none()} unless given
     * @return this
     */
    public FlowBuilder compensate(CompensationPolicy policy) {
        flow.open().compensate(policy);
        return this;
    }

    /**
     * Says when an execution that failed is redriven by the engine itself.
     *
     * @param policy the policy, {@link RedrivePolicy#none()} unless given
     * @return this
     */
    public FlowBuilder redrive(RedrivePolicy policy) {
        flow.open().redrive(policy);
        return this;
    }

    /**
     * Lets executions let go of the outputs of a node when the last node that is declared to read them has settled, so that what
     * they hold in memory is what is still waited for: for flows that pass much data along. Outputs that no node reads stay, as they
     * are what the flow comes to; so do those of nodes marked {@code keep()}, and what the execution is given from outside. Those of
     * nodes in the body of a loop go with the end of the outermost loop.
     *
     * <p>{@code ExecutionResult} refuses to give an output that is gone, and without a store a redrive or {@code outputsFrom} that
     * would need one is refused. A store keeps what it has written.
     *
     * @return this
     */
    public FlowBuilder releaseOutputs() {
        flow.open().releaseOutputs();
        return this;
    }

    /**
     * Adds a trigger.
     *
     * @param id unique in the flow
     * @param type type of the data executions start with
     * @param <T> the same type
     * @return its handle
     */
    public <T extends @Nullable Object> TriggerRef<T> trigger(String id, Class<T> type) {
        return trigger(id, TypeRef.of(type));
    }

    /**
     * Adds a trigger.
     *
     * @param id unique in the flow
     * @param type type of the data executions start with
     * @param <T> the same type
     * @return its handle
     */
    public <T extends @Nullable Object> TriggerRef<T> trigger(String id, TypeRef<T> type) {
        return new TriggerRef<>(flow.trigger(id, Objects.requireNonNull(type, "type")), type);
    }

    /**
     * Adds a node of one input.
     *
     * @param id unique in the flow
     * @param input what feeds it
     * @param body computes its value
     * @param <A> type of the input
     * @param <R> type of the value
     * @return its handle
     */
    public <A extends @Nullable Object, R extends @Nullable Object> NodeRef<R> node(
            String id, Output<? extends A> input, ThrowingFunction<? super A, ? extends R> body) {
        NodeDraft draft = flow.node(id, InputSpec.of(input));
        return value(draft, TypedBodies.of(draft, Objects.requireNonNull(body, "body")));
    }

    /**
     * Adds a node that needs two inputs.
     *
     * @param id unique in the flow
     * @param first what feeds its first port
     * @param second what feeds its second port
     * @param body computes its value
     * @param <A> type of the first input
     * @param <B> type of the second input
     * @param <R> type of the value
     * @return its handle
     */
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> NodeRef<R> node(
            String id,
            Output<? extends A> first,
            Output<? extends B> second,
            ThrowingBiFunction<? super A, ? super B, ? extends R> body) {
        NodeDraft draft = flow.node(id, InputSpec.of(first, second));
        return value(draft, TypedBodies.of(draft, Objects.requireNonNull(body, "body")));
    }

    /**
     * Adds a node that needs three inputs.
     *
     * @param id unique in the flow
     * @param first what feeds its first port
     * @param second what feeds its second port
     * @param third what feeds its third port
     * @param body computes its value
     * @param <A> type of the first input
     * @param <B> type of the second input
     * @param <C> type of the third input
     * @param <R> type of the value
     * @return its handle
     */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            NodeRef<R> node(
                    String id,
                    Output<? extends A> first,
                    Output<? extends B> second,
                    Output<? extends C> third,
                    ThrowingTriFunction<? super A, ? super B, ? super C, ? extends R> body) {
        NodeDraft draft = flow.node(id, InputSpec.of(first, second, third));
        return value(draft, TypedBodies.of(draft, Objects.requireNonNull(body, "body")));
    }

    /**
     * Adds a node of any number of inputs, read by handle.
     *
     * @param id unique in the flow
     * @param inputs what feeds it and how it is joined
     * @param body computes its value
     * @param <R> type of the value
     * @return its handle
     */
    public <R extends @Nullable Object> NodeRef<R> node(
            String id, InputSpec inputs, ThrowingFunction<? super Inputs, ? extends R> body) {
        return value(flow.node(id, inputs), TypedBodies.ofInputs(Objects.requireNonNull(body, "body")));
    }

    /**
     * Adds a node whose body also sees its context.
     *
     * @param id unique in the flow
     * @param input what feeds it
     * @param body computes its value
     * @param <A> type of the input
     * @param <R> type of the value
     * @return its handle
     */
    public <A extends @Nullable Object, R extends @Nullable Object> NodeRef<R> contextNode(
            String id, Output<? extends A> input, ThrowingBiFunction<? super A, NodeContext, ? extends R> body) {
        NodeDraft draft = flow.node(id, InputSpec.of(input));
        return value(draft, TypedBodies.ofContext(draft, Objects.requireNonNull(body, "body")));
    }

    /**
     * Adds a node of any number of inputs whose body also sees its context.
     *
     * @param id unique in the flow
     * @param inputs what feeds it and how it is joined
     * @param body computes its value
     * @param <R> type of the value
     * @return its handle
     */
    public <R extends @Nullable Object> NodeRef<R> contextNode(
            String id, InputSpec inputs, ThrowingBiFunction<? super Inputs, NodeContext, ? extends R> body) {
        return value(flow.node(id, inputs), TypedBodies.ofInputsAndContext(Objects.requireNonNull(body, "body")));
    }

    /**
     * Adds a node whose body returns at once and delivers its value later, without holding a thread.
     *
     * @param id unique in the flow
     * @param input what feeds it
     * @param body starts the work
     * @param <A> type of the input
     * @param <R> type of the value
     * @return its handle
     */
    public <A extends @Nullable Object, R extends @Nullable Object> NodeRef<R> asyncNode(
            String id,
            Output<? extends A> input,
            ThrowingFunction<? super A, ? extends CompletionStage<? extends R>> body) {
        NodeDraft draft = flow.node(id, InputSpec.of(input));
        return value(draft, TypedBodies.async(draft, Objects.requireNonNull(body, "body")));
    }

    /**
     * Adds a node of any number of inputs whose body returns at once and delivers its value later.
     *
     * @param id unique in the flow
     * @param inputs what feeds it and how it is joined
     * @param body starts the work
     * @param <R> type of the value
     * @return its handle
     */
    public <R extends @Nullable Object> NodeRef<R> asyncNode(
            String id,
            InputSpec inputs,
            ThrowingFunction<? super Inputs, ? extends CompletionStage<? extends R>> body) {
        return value(flow.node(id, inputs), TypedBodies.asyncInputs(Objects.requireNonNull(body, "body")));
    }

    /**
     * Adds a node that acts on its input and has no value; its port fires with null.
     *
     * @param id unique in the flow
     * @param input what feeds it
     * @param body acts
     * @param <A> type of the input
     * @return its handle
     */
    public <A extends @Nullable Object> NodeRef<Void> action(
            String id, Output<? extends A> input, ThrowingConsumer<? super A> body) {
        NodeDraft draft = flow.node(id, InputSpec.of(input));
        return action(draft, TypedBodies.action(draft, Objects.requireNonNull(body, "body")));
    }

    /**
     * Adds a node that acts on any number of inputs and has no value; its port fires with null.
     *
     * @param id unique in the flow
     * @param inputs what feeds it and how it is joined
     * @param body acts
     * @return its handle
     */
    public NodeRef<Void> action(String id, InputSpec inputs, ThrowingConsumer<? super Inputs> body) {
        return action(flow.node(id, inputs), TypedBodies.actionOfInputs(Objects.requireNonNull(body, "body")));
    }

    /**
     * Adds a node whose body emits to declared ports: none, one, several or all.
     *
     * @param id unique in the flow
     * @param input what feeds it
     * @param ports the output ports
     * @param body emits
     * @param <A> type of the input
     * @return its handle
     */
    public <A extends @Nullable Object> RouterRef router(
            String id, Output<? extends A> input, List<Port<?>> ports, ThrowingBiConsumer<? super A, Emitter> body) {
        NodeDraft draft = flow.node(id, InputSpec.of(input));
        return router(draft, ports, TypedBodies.router(draft, Objects.requireNonNull(body, "body")));
    }

    /**
     * Adds a node of any number of inputs whose body emits to declared ports.
     *
     * @param id unique in the flow
     * @param inputs what feeds it and how it is joined
     * @param ports the output ports
     * @param body emits
     * @return its handle
     */
    public RouterRef router(
            String id, InputSpec inputs, List<Port<?>> ports, ThrowingBiConsumer<? super Inputs, Emitter> body) {
        return router(flow.node(id, inputs), ports, TypedBodies.routerOfInputs(Objects.requireNonNull(body, "body")));
    }

    /**
     * Adds a node that passes its input on through one of several ports: add them with
     * {@link BranchRef#when} and {@link BranchRef#otherwise}.
     *
     * @param id unique in the flow
     * @param input what feeds it
     * @param <T> type of the value
     * @return its handle
     */
    public <T extends @Nullable Object> BranchRef<T> branch(String id, Output<? extends T> input) {
        return new BranchRef<>(flow.branch(id, input));
    }

    /**
     * Adds a node that takes the value of whichever alternative was taken; of several, the first in the order given.
     *
     * @param id unique in the flow
     * @param alternatives what may feed it, at least one
     * @param <T> type of the value
     * @return its handle
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public final <T extends @Nullable Object> NodeRef<T> merge(String id, Output<? extends T>... alternatives) {
        return new NodeRef<>(flow.merge(id, List.of(alternatives)));
    }

    /**
     * Adds a node that gathers the values of all sources that were taken, in the order given.
     *
     * @param id unique in the flow
     * @param sources what may feed it, at least one
     * @param <T> type of one value
     * @return its handle
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public final <T extends @Nullable Object> NodeRef<List<T>> collect(String id, Output<? extends T>... sources) {
        return new NodeRef<>(flow.collect(id, List.of(sources)));
    }

    /**
     * Lets a node do without an input: its parameter becomes an {@code Optional}.
     *
     * @param source what may feed it
     * @param <T> type of the value
     * @return the input to give to the node
     */
    public <T extends @Nullable Object> OptionalInput<T> optional(Output<T> source) {
        flow.own(Objects.requireNonNull(source, "source"), "an optional input");
        return new OptionalInput<>(source);
    }

    /**
     * Validates and creates the flow. Handles can no longer be configured after it. Linear in nodes and connections.
     *
     * @return an immutable flow; its warnings are in {@link Flow#validation()}
     * @throws InvalidFlowException if anything is wrong, naming all of it
     * @throws IllegalStateException if the flow was built already
     */
    public Flow build() {
        return flow.build();
    }

    private static <R extends @Nullable Object> NodeRef<R> value(NodeDraft draft, NodeBody body) {
        draft.output(Ports.MAIN, null);
        draft.body(body);
        return new NodeRef<>(draft);
    }

    private static NodeRef<Void> action(NodeDraft draft, NodeBody body) {
        draft.output(Ports.MAIN, TypeRef.of(Void.class));
        draft.body(body);
        return new NodeRef<>(draft);
    }

    private static RouterRef router(NodeDraft draft, List<Port<?>> ports, NodeBody body) {
        ports.forEach(port -> draft.output(port.name(), port.type()));
        draft.body(body);
        return new RouterRef(draft);
    }
}
