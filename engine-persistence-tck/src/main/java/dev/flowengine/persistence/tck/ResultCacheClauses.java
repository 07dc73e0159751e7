package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.flowengine.persistence.ResultCacheStore;
import java.time.Duration;
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
    void what_is_removed_is_gone() {
        cache.put("k", Samples.payload("x"), HOUR);

        cache.remove("k");
        cache.remove("k");

        assertThat(cache.get("k")).isEmpty();
    }
}
