package dev.flowengine.node;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a loop does next: another iteration about an item, or nothing. Immutable. */
public final class LoopItem {
    private static final LoopItem NONE = new LoopItem(false, null);

    private final boolean present;
    private final @Nullable Object value;

    private LoopItem(boolean present, @Nullable Object value) {
        this.present = present;
        this.value = value;
    }

    /**
     * Another iteration.
     *
     * @param value what the body receives, may be null
     * @return the item
     */
    public static LoopItem of(@Nullable Object value) {
        return new LoopItem(true, value);
    }

    /**
     * No more iterations.
     *
     * @return the end of the loop
     */
    public static LoopItem none() {
        return NONE;
    }

    /**
     * Whether there is another iteration.
     *
     * @return false at the end of the loop
     */
    public boolean isPresent() {
        return present;
    }

    /**
     * What the body receives.
     *
     * @return the value, may be null
     * @throws IllegalStateException at the end of the loop
     */
    public @Nullable Object value() {
        if (!present) {
            throw new IllegalStateException("the loop has come to its end: there is no item");
        }
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LoopItem that && present == that.present && Objects.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(value);
    }

    @Override
    public String toString() {
        return present ? String.valueOf(value) : "none";
    }
}
