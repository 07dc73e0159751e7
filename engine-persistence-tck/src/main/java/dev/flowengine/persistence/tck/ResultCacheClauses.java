package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.ResultCacheStore;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a {@link ResultCacheStore} promises, if the store is one. */
abstract class ResultCacheClauses extends Clauses {
    private static final Duration HOUR = Duration.ofHours(1);

    private ResultCacheStore cache;

    ResultCacheClauses(Supplier<StoreFixture> opening) {
        super(opening);
    }

    @BeforeEach
    void findAbility() {
        cache = store.capability(ResultCacheStore.class).orElseGet(() -> abort("the store has no cache"));
    }

    @Test
    void the_value_last_put_is_read() {
        assertThat(cache.get("k")).isEmpty();
        cache.put("k", Samples.payload("old"), HOUR);
        cache.put("k", Samples.payload("new"), HOUR);
        cache.put("K", Samples.payload("other"), HOUR);

        assertThat(cache.get("k")).contains(Samples.payload("new"));
    }

    @Test
    void a_value_is_read_no_longer_than_it_was_put_for() {
        cache.put("k", Samples.payload("x"), HOUR);

        fixture.advance(HOUR.plusSeconds(1));

        assertThat(cache.get("k")).isEmpty();
    }

    @Test
    void a_value_is_read_by_every_store_and_as_it_is() {
        byte[] bytes = new byte[1 << 20];
        new Random(3).nextBytes(bytes);
        Payload large = Payload.of("application/octet-stream", bytes);
        cache.put("large", large, HOUR);
        cache.put("empty", Payload.of("", new byte[0]), HOUR);

        ResultCacheStore other =
                fixture.anotherStore().capability(ResultCacheStore.class).orElseThrow();
        assertThat(other.get("large")).contains(large);
        assertThat(other.get("empty")).contains(Payload.of("", new byte[0]));
    }

    @Test
    void what_is_too_old_can_be_put_again() {
        cache.put("k", Samples.payload("old"), HOUR);
        fixture.advance(HOUR.plusSeconds(1));
        cache.put("k", Samples.payload("new"), HOUR);

        assertThat(cache.get("k")).contains(Samples.payload("new"));
    }

    @Test
    void of_many_that_put_the_same_at_once_one_is_the_last() throws Exception {
        List<Payload> put = Together.run(4, thread -> {
            ResultCacheStore side =
                    side(thread).capability(ResultCacheStore.class).orElseThrow();
            Payload mine = Samples.payload("of thread " + thread);
            for (int i = 0; i < 10; i++) {
                side.put("same", mine, HOUR);
                side.put("key-" + (i + thread) % 5, mine, HOUR);
                assertThat(side.get("same")).isPresent();
            }
            return mine;
        });

        assertThat(put).contains(cache.get("same").orElseThrow());
    }

    @Test
    void what_is_removed_is_gone() {
        cache.put("k", Samples.payload("x"), HOUR);

        cache.remove("k");
        cache.remove("k");

        assertThat(cache.get("k")).isEmpty();
    }
}
