package dev.flowengine.examples;

import com.zaxxer.hikari.HikariDataSource;
import dev.flowengine.FlowEngine;
import dev.flowengine.event.ExecutionFinished;
import dev.flowengine.event.ExecutionListener;
import dev.flowengine.event.NodeCompleted;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.jdbc.JdbcExecutionStore;
import dev.flowengine.node.NodeContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/**
 * One of the two processes of {@link CrashRecoveryCommand}: the one that is killed, or the one that goes on. It writes a line
 * once it has its execution, and one for each node that is recorded as completed.
 */
@Command(
        name = "crash-recovery-process",
        hidden = true,
        description =
                "A process that crash-recovery starts. Reads URL, user and password of the database from its input.")
final class CrashProcessCommand implements Callable<Integer> {
    /** Ends the line with the execution's id. */
    static final String STARTED = " started";
    /** Ends the line of a node. A line that a kill has cut off does not end so. */
    static final String COMPLETED = " completed";

    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration SWEEP = Duration.ofMillis(100);
    private static final Duration WORK = Duration.ofMillis(5);

    private final Console console;
    private final EndOfEvents end = new EndOfEvents();
    /** Never opens. It is awaited, not slept on, so that an interrupted body ends at once. */
    private final CountDownLatch never = new CountDownLatch(1);

    @Option(names = "--nodes", required = true, description = "How many nodes the flow has.")
    private int nodes;

    @Option(names = "--flow-version", required = true, description = "The version of the flow.")
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private String version;

    @Option(names = "--bodies", required = true, description = "Where it is written down which bodies have begun.")
    @SuppressWarnings("NullAway.Init")
    private Path bodies;

    @Option(names = "--halt-at", description = "The first node that does not end, so that there is somebody to kill.")
    private int haltAt = Integer.MAX_VALUE;

    @Option(names = "--execution", description = "The execution to go on with; a new one unless given.")
    private @Nullable String executionId;

    CrashProcessCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        DatabaseAddress database = DatabaseAddress.read(console.in());
        LayeredFlow layered = LayeredFlow.of(version, nodes, this::work);
        try (HikariDataSource pool = database.pool();
                FlowEngine engine = FlowEngine.builder()
                        .store(JdbcExecutionStore.builder(pool).build())
                        .lease(LEASE)
                        .sweepInterval(SWEEP)
                        .listener(new Teller())
                        .build()) {
            return run(engine, layered);
        }
    }

    private int run(FlowEngine engine, LayeredFlow layered) throws InterruptedException {
        engine.register(layered.flow());
        Optional<FlowExecution> found = executionId == null
                ? Optional.of(engine.executeFromTrigger(layered.flow(), layered.started(), 1L))
                : engine.find(executionId);
        if (found.isEmpty()) {
            console.err().println("execution " + executionId + " is not in the database");
            return ExitCode.SOFTWARE;
        }
        console.line(found.get().id() + STARTED);
        if (found.get().await(ChildProcess.PATIENCE).isEmpty()) {
            console.err()
                    .println("the execution did not end in time; it is "
                            + found.get().status());
            return ExitCode.SOFTWARE;
        }
        end.await();
        return ExitCode.OK;
    }

    private void work(int node, NodeContext context) throws IOException, InterruptedException {
        new BodyLog(bodies).began(context);
        Duration time = node < haltAt ? WORK : ChildProcess.PATIENCE;
        boolean opened = never.await(time.toNanos(), TimeUnit.NANOSECONDS);
        assert !opened;
    }

    /** Tells what is recorded: events come after it. */
    private final class Teller implements ExecutionListener {
        @Override
        public void onNodeCompleted(NodeCompleted event) {
            console.line(event.nodeId() + COMPLETED);
        }

        @Override
        public void onExecutionFinished(ExecutionFinished event) {
            end.reached();
        }
    }
}
