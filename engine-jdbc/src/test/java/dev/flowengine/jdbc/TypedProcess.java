package dev.flowengine.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.flowengine.FlowEngine;
import dev.flowengine.flow.Flow;
import dev.flowengine.persistence.RunQuery;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Begins an execution of {@link TypedFlow} and is lost in the middle of it, or goes on with the one there is. */
final class TypedProcess {
    static final int LOST = 3;

    private TypedProcess() {}

    /**
     * Runs it.
     *
     * @param args the URL of a PostgreSQL database, and whether to begin
     */
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        boolean begins = Boolean.parseBoolean(args[1]);
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(args[0]);
        pool.setMaximumPoolSize(6);
        JdbcExecutionStore store = JdbcExecutionStore.builder(pool).build();
        Flow flow = TypedFlow.of(node -> {
            out.println("ran " + node);
            if (begins && node.equals("middle")) {
                Runtime.getRuntime().halt(LOST);
            }
        });
        try (pool;
                FlowEngine engine = FlowEngine.builder()
                        .store(store)
                        .lease(Duration.ofSeconds(1))
                        .sweepInterval(Duration.ofMillis(100))
                        .build()) {
            engine.register(flow);
            String id = begins
                    ? engine.executeFromTrigger(flow, TypedFlow.TRIGGER, TypedFlow.order())
                            .id()
                    : store.query(RunQuery.all(1)).runs().get(0).executionId();
            out.println("came to " + engine.find(id).orElseThrow().await().output(TypedFlow.LAST, String.class));
        }
    }
}
