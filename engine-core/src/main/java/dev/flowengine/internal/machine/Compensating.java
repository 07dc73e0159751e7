package dev.flowengine.internal.machine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Takes what happens while an execution undoes what its nodes have done. For one writer at a time. */
public final class Compensating {
    private final Compensations compensations;
    private final RunLife life;

    Compensating(Compensations compensations, RunLife life) {
        this.compensations = compensations;
        this.life = life;
    }

    /**
     * What is undone.
     *
     * @return how far it has come
     */
    public Compensations compensations() {
        return compensations;
    }

    /**
     * An attempt has undone what its node did.
     *
     * @param ticket what it was started with
     * @return false if it comes too late and is dropped, because nobody waits for it any more
     */
    public boolean completed(int ticket) {
        if (!compensations.isCurrent(ticket)) {
            return false;
        }
        compensations.settled(null);
        life.compensated();
        return true;
    }

    /**
     * An attempt has failed.
     *
     * @param ticket what it was started with
     * @param failure how
     * @param retryIn how long to wait before the next attempt; null if there is none
     * @return false if it comes too late and is dropped, because nobody waits for it any more
     */
    public boolean failed(int ticket, NodeFailure failure, @Nullable Duration retryIn) {
        if (!compensations.isCurrent(ticket)) {
            return false;
        }
        if (retryIn == null) {
            compensations.settled(failure);
        } else {
            compensations.repeat(failure, retryIn);
        }
        life.compensated();
        return true;
    }

    /**
     * The time between two attempts is over, or an attempt that was to be started was not, because nothing starts any more.
     *
     * @param ticket what it was to be started with
     */
    public void again(int ticket) {
        if (compensations.isCurrent(ticket)) {
            compensations.again();
            life.compensated();
        }
    }

    /** It has taken as long as it may. */
    public void expired() {
        life.giveUpCompensations();
    }
}
