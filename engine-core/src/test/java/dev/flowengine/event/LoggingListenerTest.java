package dev.flowengine.event;

import static dev.flowengine.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.flowengine.FlowEngine;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.ErrorHandling;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.testing.Engines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("S36 events in a log")
class LoggingListenerTest {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.flowengine.executions");

    @BeforeEach
    void listen() {
        // It is looked at while another thread still writes.
        log.list = new CopyOnWriteArrayList<>();
        logger.setAdditive(false);
        logger.addAppender(log);
        log.start();
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private static Flow flow() {
        return Flow.definition("orders")
                .trigger("t")
                .add(NodeDefinition.builder("check")
                        .body(context -> {
                            if (context.attempt() == 1) {
                                throw new IllegalStateException("not yet");
                            }
                            context.log().error("look at this");
                            return "ok";
                        })
                        .retry(RetryPolicy.fixed(Duration.ZERO))
                        .build())
                .add(NodeDefinition.builder("mend")
                        .body(context -> {
                            throw new IllegalStateException("gone");
                        })
                        .onError(ErrorHandling.fallback("plan B"))
                        .build())
                .add(NodeDefinition.builder("break")
                        .body(context -> {
                            throw new IllegalStateException("broken");
                        })
                        .build())
                .add(NodeDefinition.builder("after").passThrough().build())
                .connect("t", "check")
                .connect("check", "mend")
                .connect("mend", "break")
                .connect("break", "after")
                .build();
    }

    private List<String> written(String... levels) {
        try (FlowEngine engine =
                Engines.builder().listener(new LoggingListener()).build()) {
            FlowExecution run = engine.executeFromTrigger(flow(), "t", 1);
            await().until(() -> log.list.stream()
                    .anyMatch(line -> line.getFormattedMessage().contains("ended")));
            assertThat(log.list)
                    .allSatisfy(line -> assertThat(line.getFormattedMessage()).startsWith("orders " + run.id() + ": "));
            return log.list.stream()
                    .filter(line -> List.of(levels).contains(line.getLevel().toString()))
                    .map(line -> line.getFormattedMessage().substring(("orders " + run.id() + ": ").length()))
                    .toList();
        }
    }

    @Test
    void tells_of_executions_and_of_what_goes_wrong() {
        logger.setLevel(Level.INFO);
        List<String> lines = written("INFO", "WARN", "ERROR");

        assertThat(lines).first().isEqualTo("started at 't'");
        assertThat(lines).last().isEqualTo("ended FAILED");
        assertThat(lines)
                .contains("node 'check' (attempt 2): look at this")
                .anySatisfy(line -> assertThat(line).startsWith("node 'check' failed and will be repeated: "))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("node 'mend' completed, its failure was handled: ")
                        .contains("gone"))
                .anySatisfy(line ->
                        assertThat(line).startsWith("node 'break' failed: ").contains("broken"))
                .noneSatisfy(line -> assertThat(line).contains("skipped"));
    }

    @Test
    void tells_every_step_to_who_debugs() {
        logger.setLevel(Level.DEBUG);

        assertThat(written("DEBUG"))
                .contains(
                        "node 'check' started",
                        "node 'check' (attempt 2) started",
                        "node 'check' (attempt 2) completed",
                        "node 'after' was skipped: UPSTREAM_FAILED");
    }
}
