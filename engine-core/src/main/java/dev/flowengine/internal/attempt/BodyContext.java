package dev.flowengine.internal.attempt;

import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.internal.machine.Signal;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.Iteration;
import dev.flowengine.model.LogLine;
import dev.flowengine.node.Blob;
import dev.flowengine.node.ExecutionContext;
import dev.flowengine.node.Inputs;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.NodeLog;
import dev.flowengine.node.TypeRef;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** What the body of an attempt sees, in the object that is the attempt. */
abstract class BodyContext extends Signal implements NodeContext {
    /** Begins the names under which steps of compensations are kept. */
    static final String COMPENSATION = "compensation/";

    final AttemptHost host;
    final int node;
    final int ticket;
    final int number;
    private final Iteration iteration;
    /** What is to be done once the attempt has succeeded; most have nothing. */
    private @Nullable Runnable onSuccess;

    /** Written and read by the thread of the body alone. */
    private boolean inTransaction;

    BodyContext(AttemptHost host, int node, int ticket, int number) {
        this.host = host;
        this.node = node;
        this.ticket = ticket;
        this.number = number;
        // Now, because a body that was given up may ask when its loop has gone on.
        this.iteration = host.scope().iteration(node);
    }

    /** Which iterations of the loops around its node the attempt belongs to. */
    final Iteration iteration() {
        return iteration;
    }

    /** The execution the attempt starts, if that is what its body does. */
    final String childId() {
        return ChildId.of(scope().executionId(), nodeId(), iteration, number);
    }

    /**
     * The node.
     *
     * @return its number
     */
    public int node() {
        return node;
    }

    /**
     * What the machine expects the answer with.
     *
     * @return the ticket this attempt was started with
     */
    public int ticket() {
        return ticket;
    }

    @Override
    public String nodeId() {
        return scope().nodeId(node);
    }

    @Override
    public @Nullable Object input() {
        requireIteration();
        return definition().shape().inputs().isEmpty() ? null : scope().reader().value(node, 0);
    }

    @Override
    public Inputs inputs() {
        requireIteration();
        return new AttemptInputs(scope(), node);
    }

    /** What is given to a node of a loop is another thing in the next iteration. */
    private void requireIteration() {
        if (scope().layout().isInBody(node) && !isUnderWay()) {
            throw new CancellationException("node '" + nodeId()
                    + "' reads its input after its attempt was given up, when its iteration may be over");
        }
    }

    @Override
    public Map<String, @Nullable Object> parameters() {
        return definition().parameters();
    }

    @Override
    public ExecutionContext execution() {
        return new AttemptExecution(scope(), node);
    }

    @Override
    public int attempt() {
        return number;
    }

    @Override
    public String idempotencyKey() {
        String key = scope().keysOf() + "/" + nodeId();
        return iteration.path().isEmpty() ? key : key + "/" + iteration;
    }

    @Override
    public void progress(double fraction, String message) {
        if (isUnderWay() && scope().reports().progress(node, fraction, message)) {
            host.reported(node);
        }
    }

    @Override
    public NodeLog log() {
        return (level, line) -> {
            if (isUnderWay()
                    && scope().reports()
                            .log(
                                    node,
                                    new LogLine(
                                            nodeId(),
                                            iteration,
                                            number,
                                            scope().reports().now(),
                                            level,
                                            line))) {
                host.reported(node);
            }
        };
    }

    @Override
    public <T extends @Nullable Object> T step(String name, TypeRef<T> type, Callable<? extends T> body)
            throws Exception {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(body, "body");
        requireNoTransaction(name);
        return host.step(node, iteration, keptAs(name), type, body);
    }

    /** The name a step is kept under: compensations have steps of their own. */
    String keptAs(String step) {
        if (step.startsWith(COMPENSATION)) {
            throw FlowException.of(
                            FailureKind.INVALID_DEFINITION,
                            "node '" + nodeId() + "' has a step '" + step + "': names that begin with '" + COMPENSATION
                                    + "' are those of steps of compensations")
                    .affectedNodes(List.of(nodeId()))
                    .suggestedResolution("Give the step another name.")
                    .build();
        }
        return step;
    }

    /** A body that waits for the store while it holds one of its connections may wait for ever. */
    private void requireNoTransaction(String step) {
        if (inTransaction) {
            throw FlowException.of(
                            FailureKind.INVALID_FLOW_STATE,
                            "node '" + nodeId() + "' does step '" + step + "' within a step in a transaction")
                    .affectedNodes(List.of(nodeId()))
                    .suggestedResolution(
                            "Do it before or after the step in a transaction, or as part of the transaction itself.")
                    .build();
        }
    }

    @Override
    public <C, T extends @Nullable Object> T transactionalStep(
            String name, TypeRef<T> type, Class<C> resource, Transaction<? super C, ? extends T> body)
            throws Exception {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(body, "body");
        requireNoTransaction(name);
        inTransaction = true;
        try {
            return host.transactionalStep(node, iteration, new TransactionalStep<>(keptAs(name), type, resource, body));
        } finally {
            inTransaction = false;
        }
    }

    @Override
    public Blob blob(Blob.Content content) throws Exception {
        return host.blob(node, Objects.requireNonNull(content, "content"));
    }

    @Override
    public void checkOwned() {
        host.checkOwned();
    }

    @Override
    public long fencingToken() {
        return host.fencingToken();
    }

    void onSuccess(Runnable work) {
        onSuccess = work;
    }

    void succeeded() {
        Runnable work = onSuccess;
        if (work != null) {
            onSuccess = null;
            work.run();
        }
    }

    /** Whether somebody waits for the outcome. */
    abstract boolean isUnderWay();

    final RunScope scope() {
        return host.scope();
    }

    final NodeDefinition definition() {
        return scope().layout().definition(node);
    }
}
