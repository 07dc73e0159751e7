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
     * The value of a slot.
     *
     * @param slot its number
     * @return the value; null if it fired null, or did not fire
     */
    public @Nullable Object get(int slot) {
        Object value = SLOT.getAcquire(slots, slot);
        return value == FIRED_NULL ? null : value;
    }

    void fire(int slot, @Nullable Object value) {
        SLOT.setRelease(slots, slot, value == null ? FIRED_NULL : value);
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
