package dev.flowengine.jdbc;

import dev.flowengine.flow.ThrowingBiFunction;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.TypeRef;
import java.sql.Connection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bodies of nodes that work on the database the executions are kept in. The only class of this module that needs the artifact
 * {@code engine-core}.
 */
public final class JdbcNodes {
    /** Names the step within its node. */
    private static final String STEP = "transaction";

    private JdbcNodes() {}

    /**
     * A body that works in a transaction of its own, in which its result is recorded: its writes and the fact that they are
     * done are committed together, or not at all. Whatever happens afterwards, it does not take effect again for the same
     * node and execution; a crash before the node's completion is written included. Nothing is committed if the execution
     * goes on elsewhere by then, or the body throws.
     *
     * <pre>{@code
     * NodeRef<Long> booked = f.contextNode("book", order, JdbcNodes.transactional(Long.class, (connection, in) -> {
     *             try (PreparedStatement insert = connection.prepareStatement("INSERT INTO booking ...")) {
     *                 ...
     *             }
     *         }))
     *         .returns(Long.class);
     * }</pre>
     *
     * <p>The connection is one of the data source of the engine's {@link JdbcExecutionStore}, as the data source hands it out.
     * Commit, rollback and close are the engine's; a savepoint may be rolled back to. Keep it short: it is a transaction.
     *
     * @param type type of the result, the one the node {@code returns}
     * @param body does it
     * @param <A> type of the input
     * @param <R> the same type
     * @return a body for {@code FlowBuilder.contextNode}
     */
    public static <A extends @Nullable Object, R extends @Nullable Object>
            ThrowingBiFunction<A, NodeContext, R> transactional(
                    Class<R> type, ThrowingBiFunction<Connection, ? super A, ? extends R> body) {
        return transactional(TypeRef.of(type), body);
    }

    /**
     * As {@link #transactional(Class, ThrowingBiFunction)}, for a result with generics.
     *
     * @param type type of the result, the one the node {@code returns}
     * @param body does it
     * @param <A> type of the input
     * @param <R> the same type
     * @return a body for {@code FlowBuilder.contextNode}
     */
    public static <A extends @Nullable Object, R extends @Nullable Object>
            ThrowingBiFunction<A, NodeContext, R> transactional(
                    TypeRef<R> type, ThrowingBiFunction<Connection, ? super A, ? extends R> body) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(body, "body");
        return (in, context) ->
                context.transactionalStep(STEP, type, Connection.class, connection -> body.apply(connection, in));
    }
}
