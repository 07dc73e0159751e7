package dev.flowengine.flow;

import org.jspecify.annotations.Nullable;

/**
 * What a disabled node emits instead of its first live input.
 *
 * @param value the value, may be null
 */
public record DisabledOutput(@Nullable Object value) {}
