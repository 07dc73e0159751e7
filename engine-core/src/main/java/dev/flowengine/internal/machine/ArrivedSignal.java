package dev.flowengine.internal.machine;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A signal from outside for any node that waits for it.
 *
 * @param id one that has arrived before is ignored
 * @param name what nodes wait for
 * @param value what it brings: of the type, or one of the choices, that every node declares which waits for this name
 * @param taken is told the number of the node that takes it, when it does
 */
public record ArrivedSignal(
        String id, String name, @Nullable Object value, IntConsumer taken) {}
