package dev.flowengine.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import dev.flowengine.node.NodeContext;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An engine in a process of its own. It does what the lines of its standard input say, writes a line for each thing that
 * happens, and ends with its input.
 */
final class WorkerProcess {
    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private final AtomicInteger middles = new AtomicInteger();
    private final CountDownLatch open = new CountDownLatch(1);
    private final int holdAfter;
    private final Flow flow = WorkerFlow.of(this::body);

    private WorkerProcess(int holdAfter) {
        this.holdAfter = holdAfter;
    }

    /**
     * Runs it.
     *
     * @param args the URL of a PostgreSQL database, the milliseconds of the lease, and how many bodies of the node in the
     *     middle may end before it is opened
     */
    public static void main(String[] args) throws IOException {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(args[0]);
        pool.setMaximumPoolSize(6);
        try (pool;
                FlowEngine engine = FlowEngine.builder()
                        .store(JdbcExecutionStore.builder(pool)
                                .statementTimeout(Duration.ofSeconds(3))
                                .build())
                        .lease(Duration.ofMillis(Long.parseLong(args[1])))
                        .sweepInterval(Duration.ofMillis(100))
                        .cancelGrace(Duration.ofMillis(200))
                        .build()) {
            new WorkerProcess(Integer.parseInt(args[2])).serve(engine);
        }
    }

    private void serve(FlowEngine engine) throws IOException {
        engine.register(flow);
        engine.register(WorkerFlow.asking());
        out.println("ready");
        BufferedReader in = new BufferedReader(
                new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            List<String> words = List.of(line.split(" ", -1));
            switch (words.get(0)) {
                case "start" -> start(engine, Integer.parseInt(words.get(1)));
                case "ask" -> ask(engine);
                case "open" -> open.countDown();
                case "owned" -> out.println("owned " + engine.health().executions());
                default -> throw new IllegalArgumentException(line);
            }
        }
        open.countDown();
    }

    private void start(FlowEngine engine, int count) {
        for (int i = 0; i < count; i++) {
            FlowExecution run = engine.executeFromTrigger(flow, WorkerFlow.TRIGGER, i);
            out.println("started " + run.id());
            run.completion().whenComplete((end, gone) -> {
                if (end != null) {
                    out.println("ended " + run.id() + " " + end.status());
                }
            });
        }
    }

    private void ask(FlowEngine engine) {
        FlowExecution run = engine.executeFromTrigger(WorkerFlow.asking(), WorkerFlow.TRIGGER, 0);
        out.println("asked " + run.id());
    }

    private void body(NodeContext context) throws InterruptedException {
        String id = context.execution().executionId();
        out.println("ran " + id + " " + context.nodeId());
        if (context.nodeId().equals(WorkerFlow.MIDDLE) && middles.incrementAndGet() > holdAfter) {
            out.println("held " + id);
            open.await();
        }
    }
}
