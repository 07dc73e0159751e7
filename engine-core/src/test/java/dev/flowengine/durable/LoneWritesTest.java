package dev.flowengine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.FlowEngineBuilder;
import dev.flowengine.execution.Durability;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.node.Output;
import dev.flowengine.persistence.BatchAnswer;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.RunBatch;
import dev.flowengine.persistence.tck.ForwardingExecutionStore;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("S41 a lone execution is written by the threads of its bodies, unless others may need them")
@Timeout(120)
class LoneWritesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String BODY = "flowengine-body";
    private static final int NODES = 50;

    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final ExecutionStore store = new ForwardingExecutionStore(new InMemoryExecutionStore()) {
        @Override
        public List<BatchAnswer> apply(List<RunBatch> batches) {
            seen.add(new Seen(
                    Thread.currentThread().getName(), Thread.currentThread().isInterrupted()));
            return super.apply(batches);
        }
    };

    private static Flow chain() {
        FlowBuilder f = Flow.builder("chain");
        Output<Integer> last = f.trigger("t", Integer.class);
        for (int i = 0; i < NODES; i++) {
            last = f.node("n" + i, last, (Integer n) -> {
                        // Bodies may leave the flag set; a store must not see it.
                        Thread.currentThread().interrupt();
                        return n + 1;
                    })
                    .returns(Integer.class);
        }
        return f.build();
    }

    private void run(FlowEngineBuilder builder) throws InterruptedException {
        try (FlowEngine engine = builder.build()) {
            FlowExecution run = engine.executeFromTrigger(chain(), "t", 0);
            assertThat(run.await(PATIENCE).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
        assertThat(seen).isNotEmpty().noneMatch(Seen::interrupted);
    }

    @Test
    @DisplayName("the thread of a body writes what came of it, and is not interrupted then")
    void body_threads_write() throws Exception {
        run(Durable.builder(store).bodyThreads(4));
        int java = Runtime.version().feature();
        if (java < 21 || java >= 24) {
            assertThat(seen).anyMatch(each -> each.thread().startsWith(BODY));
        } else {
            assertThat(seen)
                    .as("virtual threads that may hold their carrier")
                    .noneMatch(each -> each.thread().startsWith(BODY));
        }
    }

    @Test
    @DisplayName("where each thread may be needed by another body, none of them writes")
    void no_thread_to_spare() throws Exception {
        run(Durable.builder(store).bodyThreads(1));
        assertThat(seen).noneMatch(each -> each.thread().startsWith(BODY));
    }

    @Test
    @DisplayName("threads of the host write nothing")
    void threads_of_the_host() throws Exception {
        run(Durable.builder(store).bodyExecutor(task -> new Thread(task, BODY + " of the host").start()));
        assertThat(seen).noneMatch(each -> each.thread().startsWith(BODY));
    }

    @Test
    @DisplayName("what runs ahead of its writes does not wait for them")
    void ahead() throws Exception {
        run(Durable.builder(store).bodyThreads(4).durability(Durability.ASYNC));
        // Nothing runs ahead of the beginning and of the end.
        assertThat(seen).filteredOn(each -> each.thread().startsWith(BODY)).hasSizeLessThanOrEqualTo(2);
    }

    private record Seen(String thread, boolean interrupted) {}
}
