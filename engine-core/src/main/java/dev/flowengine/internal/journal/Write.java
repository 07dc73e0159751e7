package dev.flowengine.internal.journal;

import java.util.function.Consumer;

/**
 * Something to be written for one execution, and who is told what became of it.
 *
 * @param content what
 * @param answered is told the store's answer
 * @param failed is told why the store cannot write it at all, whoever asks
 * @param <W> kind of write
 * @param <A> kind of answer
 */
record Write<W, A>(W content, Consumer<A> answered, Consumer<RuntimeException> failed) {

    void answer(A answer) {
        tell(() -> answered.accept(answer));
    }

    void fail(RuntimeException why) {
        tell(() -> failed.accept(why));
    }

    /** What one execution does with an answer must not keep the others from theirs. */
    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error defect) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, defect);
        }
    }
}
