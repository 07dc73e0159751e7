package dev.flowengine.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PermanentFailureTest {
    private static final RetryPolicy THRICE = RetryPolicy.fixed(Duration.ZERO).maxAttempts(3);

    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    @DisplayName("S20 a failure that is permanent is not repeated, unless the policy says which failures are")
    void a_permanent_failure_is_not_repeated() throws InterruptedException {
        FlowException permanent = FlowException.of(FailureKind.NODE_EXECUTION_FAILED, "for good")
                .permanent()
                .build();
        FlowException passing = FlowException.of(FailureKind.NODE_EXECUTION_FAILED, "it may work later")
                .build();

        assertThat(permanent.isPermanent()).isTrue();
        assertThat(passing.isPermanent()).isFalse();
        assertThat(attemptsOf(permanent, THRICE)).isEqualTo(1);
        assertThat(attemptsOf(passing, THRICE)).isEqualTo(3);
        assertThat(attemptsOf(permanent, THRICE.on(FlowException.class))).isEqualTo(3);
    }

    private int attemptsOf(FlowException thrown, RetryPolicy retry) throws InterruptedException {
        attempts.set(0);
        run(thrown, retry);
        return attempts.get();
    }

    private void run(FlowException thrown, RetryPolicy retry) throws InterruptedException {
        Flow flow = Flow.definition("f")
                .trigger("t")
                .add(NodeDefinition.builder("n")
                        .body(context -> {
                            attempts.incrementAndGet();
                            throw thrown;
                        })
                        .retry(retry)
                        .build())
                .connect("t", "n")
                .build();
        try (FlowEngine engine = FlowEngine.create()) {
            engine.executeFromTrigger(flow, "t", null).await();
        }
    }
}
