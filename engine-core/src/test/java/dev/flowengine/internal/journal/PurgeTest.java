package dev.flowengine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flowengine.execution.Retention;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.persistence.ExecutionStore;
import dev.flowengine.persistence.PurgeRequest;
import dev.flowengine.persistence.StoreException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("R31 removing ended executions always progresses")
@Timeout(60)
class PurgeTest {
    private static final Retention NONE = Retention.unlimited().maxCount(0);

    private final Map<ExecutionStatus, Integer> left = new ConcurrentHashMap<>();
    private final Set<Integer> limits = ConcurrentHashMap.newKeySet();
    private Purge purge = purge(request -> 0);

    @AfterEach
    void close() throws InterruptedException {
        purge.close(Duration.ofSeconds(10));
    }

    @Test
    @DisplayName("on a store that cannot remove more than a few at once, though nobody knows how many")
    void on_a_store_that_removes_few_at_once() {
        left.put(ExecutionStatus.COMPLETED, 1_000);
        purge = purge(request -> {
            limits.add(request.limit());
            if (request.limit() > 10) {
                throw StoreException.transientFailure("the statement took too long", null);
            }
            return remove(request);
        });
        purge.start();

        await().until(() -> left.get(ExecutionStatus.COMPLETED) == 0);
        assertThat(limits).contains(500).allMatch(limit -> limit <= 500);
    }

    @Test
    @DisplayName("with one outcome that cannot be removed at all: the others are, and health can tell")
    void with_an_outcome_that_cannot_be_removed() {
        for (ExecutionStatus status : ExecutionStatus.values()) {
            left.put(status, 2_000);
        }
        purge = purge(request -> {
            if (request.outcome() == ExecutionStatus.COMPLETED) {
                throw StoreException.transientFailure("a row is locked", null);
            }
            return remove(request);
        });
        purge.start();

        await().until(() -> left.get(ExecutionStatus.FAILED) == 0 && left.get(ExecutionStatus.CANCELLED) == 0);
        assertThat(left).containsEntry(ExecutionStatus.COMPLETED, 2_000);
        assertThat(purge.failing())
                .hasValueSatisfying(failure -> assertThat(failure).hasMessageContaining("a row is locked"));
    }

    private int remove(PurgeRequest request) {
        int before = left.getOrDefault(request.outcome(), 0);
        int removed = Math.min(before, request.limit());
        left.put(request.outcome(), before - removed);
        return removed;
    }

    /** On a store that can do nothing else. */
    private static Purge purge(ToIntFunction<PurgeRequest> removal) {
        ExecutionStore store = (ExecutionStore) Proxy.newProxyInstance(
                PurgeTest.class.getClassLoader(),
                new Class<?>[] {ExecutionStore.class},
                (proxy, method, arguments) -> method.getName().equals("now")
                        ? Instant.EPOCH
                        : removal.applyAsInt((PurgeRequest) arguments[0]));
        return new Purge(store, NONE, Duration.ofMillis(5), Thread::new);
    }
}
