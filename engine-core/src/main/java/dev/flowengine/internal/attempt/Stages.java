package dev.flowengine.internal.attempt;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Deals with what asynchronous bodies return, which may be anybody's code. */
final class Stages {
    private Stages() {}

    /**
     * Tells what a stage comes to, once, whatever the stage does.
     *
     * @throws RuntimeException what the stage throws when it is asked to, unless it has told before
     */
    static void tell(
            CompletionStage<?> stage, BiConsumer<? super @Nullable Object, ? super @Nullable Throwable> outcome) {
        AtomicBoolean told = new AtomicBoolean();
        try {
            stage.whenComplete((value, thrown) -> {
                if (told.compareAndSet(false, true)) {
                    outcome.accept(value, thrown);
                }
            });
        } catch (RuntimeException | Error e) {
            if (told.compareAndSet(false, true)) {
                throw e;
            }
        }
    }

    /** Cancels a stage, if it can be. */
    static void cancel(Future<?> stage) {
        try {
            stage.cancel(true);
        } catch (Throwable refused) {
            // As a minimal stage does; nobody waits for it any more.
        }
    }
}
