package dev.flowengine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.extension.ResultCache;
import dev.flowengine.flow.CachePolicy;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CaffeineResultCacheTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AtomicLong time = new AtomicLong();

    @Test
    @DisplayName("A result is there for as long as it was put for, from its last put on")
    void a_result_is_there_for_its_time() {
        CaffeineResultCache cache = new CaffeineResultCache(10, time::get);
        cache.put(key("a"), new ResultCache.Result(1), SECOND);
        cache.put(key("b"), new ResultCache.Result(null), SECOND.multipliedBy(2));

        time.set(SECOND.toNanos() - 1);
        assertThat(cache.get(key("a"))).contains(new ResultCache.Result(1));
        time.set(SECOND.toNanos());
        assertThat(cache.get(key("a"))).isEmpty();
        assertThat(cache.get(key("b"))).contains(new ResultCache.Result(null));

        cache.put(key("b"), new ResultCache.Result(3), SECOND);
        time.set(SECOND.toNanos() * 2 - 1);
        assertThat(cache.get(key("b"))).contains(new ResultCache.Result(3));
        time.set(SECOND.toNanos() * 2);
        assertThat(cache.get(key("b"))).isEmpty();
    }

    @Test
    @DisplayName("No more results are kept than there is room for, and none after a clear")
    void results_are_bounded() {
        CaffeineResultCache cache = new CaffeineResultCache(3, time::get);
        List<ResultCache.Key> keys =
                IntStream.range(0, 100).mapToObj(i -> key("k" + i)).toList();

        keys.forEach(key -> cache.put(key, new ResultCache.Result(key), SECOND));
        assertThat(keys).filteredOn(key -> cache.get(key).isPresent()).hasSizeLessThanOrEqualTo(3);

        cache.put(key("x"), new ResultCache.Result(1), SECOND);
        cache.clear();
        assertThat(keys).noneMatch(key -> cache.get(key).isPresent());
        assertThat(cache.get(key("x"))).isEmpty();
    }

    @Test
    @DisplayName("An engine finds the cache by itself")
    void an_engine_finds_the_cache() throws InterruptedException {
        assertThat(ServiceLoader.load(ResultCache.class)).singleElement().isInstanceOf(CaffeineResultCache.class);
        AtomicInteger calls = new AtomicInteger();
        Flow flow = Flow.definition("f")
                .trigger("t")
                .add(NodeDefinition.builder("n")
                        .body(context -> calls.incrementAndGet())
                        .cache(CachePolicy.keepFor(Duration.ofHours(1)))
                        .build())
                .connect("t", "n")
                .build();
        try (FlowEngine engine = FlowEngine.create()) {
            engine.executeFromTrigger(flow, "t", "a").await();
            engine.executeFromTrigger(flow, "t", "a").await();
        }
        assertThat(calls).hasValue(1);
    }

    private static ResultCache.Key key(String given) {
        return new ResultCache.Key("f", "1", "n", given);
    }
}
