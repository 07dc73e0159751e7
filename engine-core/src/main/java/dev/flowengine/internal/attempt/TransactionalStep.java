package dev.flowengine.internal.attempt;

import dev.flowengine.node.NodeContext;
import dev.flowengine.node.TypeRef;
import org.jspecify.annotations.Nullable;

/**
 * A step that is done and recorded in one transaction.
 *
 * @param name names it within its node
 * @param type the type of its result
 * @param resource what its body works with
 * @param body does it
 * @param <C> what the body works with
 * @param <T> type of the result
 */
public record TransactionalStep<C, T extends @Nullable Object>(
        String name, TypeRef<T> type, Class<C> resource, NodeContext.Transaction<? super C, ? extends T> body) {}
