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

    private final ScheduledExecutorService answers = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "review-desk");
        thread.setDaemon(true);
        return thread;
    });

    /** Returns at once; the stage completes when the answer is there. */
    CompletionStage<Approval> ask(Quote quote) {
        CompletableFuture<Approval> answer = new CompletableFuture<>();
        Approval approval = new Approval(quote.orderId(), "the review desk");
        var unused = answers.schedule(() -> answer.complete(approval), ANSWER_AFTER_MILLIS, TimeUnit.MILLISECONDS);
        return answer;
    }

    @Override
    public void close() {
        answers.shutdownNow();
    }
}
