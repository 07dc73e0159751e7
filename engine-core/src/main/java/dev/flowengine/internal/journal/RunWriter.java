package dev.flowengine.internal.journal;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.CreateAnswer;
import dev.flowengine.persistence.NewRun;
import dev.flowengine.persistence.NodeRecord;
import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.StepRecord;
import dev.flowengine.persistence.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands the writes of one run to the store, one at a time, so that each has the number after that of the one before: what
 * its machine decides, and between that what its bodies wait for: steps, and starts that happen once at most. Thread-safe.
 */
final class RunWriter {
    private final GroupCommit commits;
    private final RunWriting writing;
    private final Runnable fenced;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private List<Single> singles = new ArrayList<>();
    private boolean busy;

    RunWriter(GroupCommit commits, RunWriting writing, Runnable fenced) {
        this.commits = commits;
        this.writing = writing;
        this.fenced = fenced;
    }

    /**
     * Writes what the machine has decided; there is no other such write under way.
     *
     * @param part what
     * @param answers who is told
     * @param mayWait whether the calling thread may do so itself
     */
    void write(RunWriting.Part part, Answers answers, boolean mayWait) {
        enqueue(() -> {
            if (writing.isCreated()) {
                apply(part, answers, mayWait);
            } else {
                create(part, answers);
            }
        });
    }

    private void create(RunWriting.Part part, Answers answers) {
        NewRun run;
        try {
            run = writing.newRun(part);
        } catch (RuntimeException impossible) {
            failed(impossible, answers);
            return;
        }
        commits.create(
                run,
                answer -> {
                    next();
                    answers.created().accept(answer);
                },
                failure -> failed(failure, answers));
    }

    private void apply(RunWriting.Part part, Answers answers, boolean mayWait) {
        RunBatch batch;
        try {
            batch = writing.batch(part);
        } catch (RuntimeException impossible) {
            failed(impossible, answers);
            return;
        }
        commits.apply(
                batch,
                answer -> {
                    if (answer.outcome() != BatchAnswer.Outcome.REJECTED) {
                        writing.applied(batch);
                    }
                    next();
                    answers.applied().accept(answer);
                },
                failure -> failed(failure, answers),
                mayWait);
    }

    private void failed(RuntimeException failure, Answers answers) {
        next();
        answers.failed().accept(failure);
    }

    /** Writes the last batch of this engine, with nothing in it that anybody here waits for; no other is under way but of bodies. */
    void letGo(Consumer<RunBatch.Builder> content, Consumer<BatchAnswer> applied, Consumer<RuntimeException> failed) {
        enqueue(() -> {
            RunBatch batch = writing.batch(List.of(content));
            commits.apply(
                    batch,
                    answer -> {
                        if (answer.outcome() != BatchAnswer.Outcome.REJECTED) {
                            writing.applied(batch);
                        }
                        next();
                        applied.accept(answer);
                    },
                    failure -> {
                        next();
                        failed.accept(failure);
                    },
                    false);
        });
    }

    /** Records a step, and tells once that is written, with null, or why it cannot be. */
    void record(StepRecord step, Consumer<@Nullable Throwable> recorded) {
        add(new Single(batch -> batch.step(step), recorded));
    }

    /** Records that a body starts, and tells once that is written, with null, or why it cannot be. */
    void started(NodeRecord row, Consumer<@Nullable Throwable> recorded) {
        add(new Single(batch -> batch.update(row), recorded));
    }

    private void add(Single single) {
        boolean first;
        synchronized (this) {
            first = singles.isEmpty();
            singles.add(single);
        }
        if (first) {
            // Those that come while this waits for its turn are written with it.
            enqueue(this::writeSingles);
        }
    }

    private void enqueue(Runnable write) {
        synchronized (this) {
            if (busy) {
                waiting.add(write);
                return;
            }
            busy = true;
        }
        write.run();
    }

    private void next() {
        Runnable write;
        synchronized (this) {
            write = waiting.poll();
            busy = write != null;
        }
        if (write != null) {
            write.run();
        }
    }

    private void writeSingles() {
        List<Single> together;
        synchronized (this) {
            together = singles;
            singles = new ArrayList<>();
        }
        write(together);
    }

    private void write(List<Single> together) {
        RunBatch batch = writing.batch(together.stream().map(Single::content).toList());
        commits.apply(
                batch,
                answer -> {
                    if (answer.outcome() != BatchAnswer.Outcome.REJECTED) {
                        writing.applied(batch);
                    }
                    tell(together, answer);
                    next();
                },
                failure -> {
                    together.forEach(single -> single.recorded().accept(failure));
                    next();
                },
                false);
    }

    private void tell(List<Single> together, BatchAnswer answer) {
        switch (answer.outcome()) {
            case APPLIED -> together.forEach(single -> single.recorded().accept(null));
            case FENCED -> {
                together.forEach(single -> single.recorded().accept(lost()));
                fenced.run();
            }
            case REJECTED -> {
                if (together.size() == 1) {
                    together.get(0)
                            .recorded()
                            .accept(StoreException.refused(answer.rejection().orElseThrow()));
                } else {
                    // One of them is to blame: each by itself.
                    together.forEach(single -> enqueue(() -> write(List.of(single))));
                }
            }
        }
    }

    static FlowException lost() {
        return FlowException.of(FailureKind.OWNERSHIP_LOST, "another engine goes on with the execution")
                .suggestedResolution("Nothing: what this attempt does no longer counts.")
                .build();
    }

    /** What a body has to have written before it goes on, and who waits for that. */
    private record Single(Consumer<RunBatch.Builder> content, Consumer<@Nullable Throwable> recorded) {}

    /**
     * Who is told what became of a write.
     *
     * @param created is told about a creation
     * @param applied is told about a batch
     * @param failed is told why neither can be written
     */
    record Answers(Consumer<CreateAnswer> created, Consumer<BatchAnswer> applied, Consumer<RuntimeException> failed) {}

    /** What a write failed with, as it is told to others. */
    static FlowException explained(RuntimeException failure) {
        return failure instanceof FlowException known
                ? known
                : StoreException.refused(new Rejection(Rejection.Reason.STORE_FULL, failure.toString()));
    }
}
