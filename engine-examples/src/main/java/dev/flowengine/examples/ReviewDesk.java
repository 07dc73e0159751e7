package dev.flowengine.examples;

import dev.flowengine.examples.Shop.Approval;
import dev.flowengine.examples.Shop.Quote;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A person far away who answers later: while the answer is awaited no thread of the engine is held. */
final class ReviewDesk implements AutoCloseable {
    private static final long ANSWER_AFTER_MILLIS = 40;

    private final Conduct conduct;
    private final ScheduledExecutorService answers = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "review-desk");
        thread.setDaemon(true);
        return thread;
    });

    ReviewDesk(Conduct conduct) {
        this.conduct = conduct;
    }

    /** Returns at once; the stage completes when the answer is there. */
    CompletionStage<Approval> ask(Quote quote) {
        CompletableFuture<Approval> answer = new CompletableFuture<>();
        Runnable act = switch (conduct) {
            case ANSWERS -> () -> answer.complete(new Approval(quote.orderId(), "the review desk"));
            case REFUSES -> () -> answer.completeExceptionally(new IllegalStateException("the review desk is closed"));
            case SILENT -> () -> {};
        };
        var unused = answers.schedule(act, ANSWER_AFTER_MILLIS, TimeUnit.MILLISECONDS);
        return answer;
    }

    @Override
    public void close() {
        answers.shutdownNow();
    }

    /** What becomes of a question. */
    enum Conduct {
        /** It is answered, a little later. */
        ANSWERS,
        /** It fails, a little later. */
        REFUSES,
        /** Nothing ever comes. */
        SILENT
    }
}
