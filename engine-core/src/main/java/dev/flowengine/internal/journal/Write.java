package dev.flowengine.internal.journal;

import dev.flowengine.persistence.StoreException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Something to be written for one execution, and who is told what became of it.
 *
 * @param run id of the execution
 * @param content what
 * @param answered is told the store's answer
 * @param failed is told why the store cannot write it at all, whoever asks
 * @param <W> kind of write
 * @param <A> kind of answer
 */
record Write<W, A>(String run, W content, Consumer<A> answered, Consumer<RuntimeException> failed) {

    /**
     * Has a store write some of one kind and tells the answers; if it fails, nobody has been told anything.
     *
     * @throws StoreUnavailable if the store fails for the moment
     */
    static <W, A> void writeTogether(List<Write<W, A>> group, Function<List<W>, List<A>> call) {
        writeTogether(group, call, () -> {});
    }

    /**
     * Has a store write some of one kind and tells the answers; if it fails, nobody has been told anything.
     *
     * @param written is run once it is written, before anybody is told
     * @throws StoreUnavailable if the store fails for the moment
     */
    static <W, A> void writeTogether(List<Write<W, A>> group, Function<List<W>, List<A>> call, Runnable written) {
        List<A> answers;
        try {
            answers = call.apply(group.stream().map(Write::content).toList());
        } catch (StoreException failure) {
            throw failure.isTransient() ? new StoreUnavailable(failure) : failure;
        }
        if (answers.size() != group.size()) {
            throw new IllegalStateException(
                    "the store was given " + group.size() + " writes and gave " + answers.size() + " answers");
        }
        written.run();
        for (int i = 0; i < group.size(); i++) {
            group.get(i).answer(answers.get(i));
        }
    }

    void answer(A answer) {
        tell(() -> answered.accept(answer));
    }

    void fail(Throwable why) {
        RuntimeException told = why instanceof RuntimeException known ? known : new IllegalStateException(why);
        tell(() -> failed.accept(told));
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
