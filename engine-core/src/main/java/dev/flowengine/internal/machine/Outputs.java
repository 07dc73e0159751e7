package dev.flowengine.internal.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The values that output ports fired, by slot. Written by the machine; readable by any thread, which sees either
 * nothing or a value together with everything its emitter did before.
 */
public final class Outputs {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final Object FIRED_NULL = new Object();
    private static final Object RELEASED = new Object();

    private final @Nullable Object[] slots;

    Outputs(int size) {
        this(new Object[size]);
    }

    private Outputs(@Nullable Object[] slots) {
        this.slots = slots;
    }

    /**
     * Whether a slot fired.
     *
     * @param slot its number
     * @return true if it holds a value, null included
     */
    public boolean isFired(int slot) {
        return SLOT.getAcquire(slots, slot) != null;
    }

    /**
     * Whether a slot fired, and its value is gone, because nobody waits for it any more.
     *
     * @param slot its number
     * @return true if it holds no value although it fired
     */
    public boolean isReleased(int slot) {
        return SLOT.getAcquire(slots, slot) == RELEASED;
    }

    /**
     * The value of a slot.
     *
     * @param slot its number
     * @return the value; null if it fired null, or did not fire
     * @throws IllegalStateException if the value is gone
     */
    public @Nullable Object get(int slot) {
        Object value = SLOT.getAcquire(slots, slot);
        if (value == RELEASED) {
            throw new IllegalStateException("the output was let go of when the last node that reads it had settled");
        }
        return value == FIRED_NULL ? null : value;
    }

    void fire(int slot, @Nullable Object value) {
        SLOT.setRelease(slots, slot, value == null ? FIRED_NULL : value);
    }

    /** Lets go of the value of a slot, if it fired. */
    void release(int slot) {
        if (isFired(slot)) {
            SLOT.setRelease(slots, slot, RELEASED);
        }
    }

    void clear(int slot) {
        SLOT.setRelease(slots, slot, null);
    }

    /** Takes over what a slot of another table of the same execution holds, or that it has not fired. */
    void copyFrom(Outputs other, int slot) {
        SLOT.setRelease(slots, slot, SLOT.getAcquire(other.slots, slot));
    }

    Outputs copy() {
        return new Outputs(slots.clone());
    }
}
