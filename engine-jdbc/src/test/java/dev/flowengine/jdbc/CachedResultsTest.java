package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.CachePolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.ResultCacheStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class CachedResultsTest {

    @ParameterizedTest
    @EnumSource(Database.class)
    @DisplayName("Results that are kept are bounded, and those go first that would expire first")
    void bounded(Database kind) {
        try (Database.Opened opened = kind.open()) {
            ResultCacheStore cache = JdbcExecutionStore.builder(
                            opened.database().dataSource())
                    .maxCachedResults(10)
                    .build()
                    .capability(ResultCacheStore.class)
                    .orElseThrow();
            for (int i = 0; i < 192; i++) {
                cache.put("k" + i, Payload.of("x", new byte[] {(byte) i}), Duration.ofHours(1 + i));
            }

            // The last of them was put after they were counted.
            assertThat(opened.database().count("result_cache")).isEqualTo(11);
            assertThat(cache.get("k191")).isPresent();
            assertThat(cache.get("k0")).isEmpty();
        }
    }

    @Test
    @DisplayName("A result is used by another engine, and the row of the node says so")
    void used_again() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        FlowBuilder f = Flow.builder("quotes");
        TriggerRef<Map<String, Object>> t = f.trigger("t", new TypeRef<Map<String, Object>>() {});
        NodeRef<List<String>> quote = f.node(
                        "quote", t, order -> List.of(order.get("item") + "/" + calls.incrementAndGet()))
                .returns(new TypeRef<List<String>>() {})
                .cache(CachePolicy.keepFor(Duration.ofHours(1)));
        Flow flow = f.build();
        try (TestDatabase database = H2Databases.inMemory()) {
            for (int i = 0; i < 2; i++) {
                try (FlowEngine engine = FlowEngine.builder()
                        .store(JdbcExecutionStore.create(database.dataSource()))
                        .resultCacheInStore()
                        .build()) {
                    ExecutionResult end = engine.executeFromTrigger(flow, "t", Map.of("item", "pen", "count", 3))
                            .await();
                    assertThat(end.output(quote)).containsExactly("pen/1");
                }
            }
            assertThat(database.texts("SELECT origin FROM fe_node WHERE node_id = 'quote' ORDER BY run_no"))
                    .containsExactly("BODY", "CACHED");
        }
    }

    @Test
    @DisplayName("A bound that makes no sense is refused")
    void senseless() {
        try (TestDatabase database = H2Databases.inMemory()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            JdbcExecutionStore.builder(database.dataSource()).maxCachedResults(-1))
                    .withMessageContaining("maxCachedResults is -1");
        }
    }
}
