package dev.flowengine.persistence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.persistence.BlobKey;
import dev.flowengine.persistence.BlobStore;
import dev.flowengine.persistence.BlobWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The contract of a {@link BlobStore} as tests. The author of a store extends this class and says how a store is opened; it is
 * closed after each test.
 */
public abstract class BlobStoreContract {
    private static final Duration HOUR = Duration.ofHours(1);
    /** None of them may lead anywhere, and no two of them be the same. */
    private static final List<String> HOSTILE = List.of(
            "",
            ".",
            "..",
            "../..",
            "../../etc/passwd",
            "/etc/passwd",
            "a/b",
            "a\\b",
            "C:\\x",
            "a",
            "A",
            "a ",
            "a.",
            "CON",
            "nul\u0000nul",
            "line\nbreak",
            "%2e%2e%2f",
            "\u00fc",
            "u\u0308",
            "\ud83d\ude00",
            "x".repeat(255));

    private BlobFixture fixture;
    private BlobStore store;

    /** For subclasses. */
    protected BlobStoreContract() {}

    /**
     * Opens an empty store for one test. It is closed after the test.
     *
     * @return the store, with a clock the test sets forward
     */
    protected abstract BlobFixture open();

    @BeforeEach
    void openStore() {
        fixture = open();
        store = fixture.store();
    }

    @AfterEach
    void closeStore() {
        if (fixture != null) {
            fixture.close();
        }
    }

    @Test
    void what_is_committed_is_read_byte_by_byte_by_everybody() throws IOException {
        byte[] large = new byte[5_000_001];
        new Random(7).nextBytes(large);
        BlobKey key = BlobKey.fresh("r1");
        put(key, large);
        put(new BlobKey("r1", "empty"), new byte[0]);

        assertThat(read(store, key)).isEqualTo(large);
        assertThat(read(fixture.anotherStore(), key)).isEqualTo(large);
        assertThat(read(store, new BlobKey("r1", "empty"))).isEmpty();
    }

    @Test
    void what_is_not_committed_is_not_there() throws IOException {
        BlobKey key = BlobKey.fresh("r1");
        try (BlobWriter out = store.write(key)) {
            out.write(bytes("half of it"));
            out.flush();
            assertThat(store.read(key)).isEmpty();
        }
        assertThat(store.read(key)).isEmpty();
        assertThat(fixture.anotherStore().read(key)).isEmpty();
    }

    @Test
    void a_writer_that_has_ended_takes_nothing_more() throws IOException {
        BlobKey key = BlobKey.fresh("r1");
        BlobWriter out = store.write(key);
        out.write(bytes("all of it"));
        out.commit();
        out.close();
        out.close();

        assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(out::commit).isInstanceOf(IOException.class);
        assertThat(read(store, key)).isEqualTo(bytes("all of it"));
        BlobWriter given = store.write(BlobKey.fresh("r1"));
        given.close();
        assertThatThrownBy(given::commit).isInstanceOf(IOException.class);
    }

    @Test
    void a_blob_that_was_never_written_is_not_there() throws IOException {
        put(new BlobKey("r1", "a"), bytes("x"));

        assertThat(store.read(new BlobKey("r1", "b"))).isEmpty();
        assertThat(store.read(new BlobKey("r2", "a"))).isEmpty();
        assertThat(store.copy(new BlobKey("r2", "a"), new BlobKey("r1", "b"))).isFalse();
        assertThat(store.read(new BlobKey("r1", "b"))).isEmpty();
    }

    @Test
    void a_blob_of_the_same_key_is_replaced_as_a_whole() throws IOException {
        BlobKey key = BlobKey.fresh("r1");
        put(key, bytes("a long one"));
        put(key, bytes("short"));

        assertThat(read(store, key)).isEqualTo(bytes("short"));
    }

    @Test
    void a_copy_outlasts_what_it_was_made_of() throws IOException {
        BlobKey from = BlobKey.fresh("r1");
        BlobKey to = BlobKey.fresh("r2");
        put(from, bytes("x"));

        assertThat(store.copy(from, to)).isTrue();
        store.remove("r1");

        assertThat(store.read(from)).isEmpty();
        assertThat(read(store, to)).isEqualTo(bytes("x"));
    }

    @Test
    void whatever_a_run_is_called_its_blobs_are_its_own() throws IOException {
        for (String run : HOSTILE) {
            put(new BlobKey(run, "a"), bytes("of " + run));
        }
        for (String run : HOSTILE) {
            assertThat(read(store, new BlobKey(run, "a")))
                    .as("of run '%s'", run)
                    .isEqualTo(bytes("of " + run));
        }
        assertThat(idle(Duration.ZERO, 4)).containsExactlyInAnyOrderElementsOf(HOSTILE);
        for (int i = 0; i < HOSTILE.size(); i++) {
            store.remove(HOSTILE.get(i));
            assertThat(idle(Duration.ZERO, 4)).hasSize(HOSTILE.size() - i - 1);
        }
    }

    @Test
    void names_that_lead_elsewhere_cannot_be_made() {
        for (String name :
                List.of("", ".", "..", "../a", "a/b", "a\\b", "A", "a.b", "a\u0000", "\u00e4", "x".repeat(65))) {
            assertThatIllegalArgumentException().as("'%s'", name).isThrownBy(() -> new BlobKey("r1", name));
        }
    }

    @Test
    void removing_a_run_removes_all_of_it_and_nothing_else() throws IOException {
        put(new BlobKey("r1", "a"), bytes("1a"));
        put(new BlobKey("r1", "b"), bytes("1b"));
        put(new BlobKey("r2", "a"), bytes("2a"));
        BlobWriter unfinished = store.write(new BlobKey("r1", "c"));
        unfinished.write(bytes("half"));
        unfinished.close();

        store.remove("r1");
        store.remove("r1");
        store.remove("never there");

        assertThat(store.read(new BlobKey("r1", "a"))).isEmpty();
        assertThat(store.read(new BlobKey("r1", "b"))).isEmpty();
        assertThat(read(store, new BlobKey("r2", "a"))).isEqualTo(bytes("2a"));
        assertThat(idle(Duration.ZERO, 9)).containsExactly("r2");
        put(new BlobKey("r1", "a"), bytes("again"));
        assertThat(read(store, new BlobKey("r1", "a"))).isEqualTo(bytes("again"));
    }

    @Test
    void runs_are_listed_once_nothing_was_written_for_as_long_as_asked() throws IOException {
        put(new BlobKey("old", "a"), bytes("x"));
        put(new BlobKey("both", "a"), bytes("x"));
        fixture.advance(HOUR.multipliedBy(2));
        put(new BlobKey("both", "b"), bytes("x"));
        put(new BlobKey("new", "a"), bytes("x"));

        assertThat(idle(HOUR, 9)).containsExactly("old");
        fixture.advance(HOUR.multipliedBy(2));
        assertThat(idle(HOUR, 9)).containsExactlyInAnyOrder("old", "both", "new");
        assertThat(idle(Duration.ofDays(1), 9)).isEmpty();
    }

    @Test
    void pages_hold_each_run_once_though_some_are_removed_in_between() throws IOException {
        for (int i = 0; i < 23; i++) {
            put(new BlobKey("run-" + i, "a"), bytes("x"));
        }
        List<String> whole = idle(Duration.ZERO, 5);
        assertThat(whole).hasSize(23).doesNotHaveDuplicates();
        List<String> first = store.idleRuns(Duration.ZERO, null, 10);
        assertThat(first).isEqualTo(whole.subList(0, 10));
        for (String run : first) {
            store.remove(run);
        }
        assertThat(store.idleRuns(Duration.ZERO, first.get(9), 100)).isEqualTo(whole.subList(10, 23));
    }

    @Test
    void many_write_and_read_at_once() throws Exception {
        int threads = 4;
        List<Integer> counts = Together.run(threads, thread -> {
            BlobStore side = thread % 2 == 0 ? store : fixture.anotherStore();
            for (int i = 0; i < 25; i++) {
                BlobKey key = new BlobKey("run-" + i % 3, "t" + thread + "-" + i);
                try (BlobWriter out = side.write(key)) {
                    out.write(bytes(key.toString()));
                    out.commit();
                }
                assertThat(read(side, key)).isEqualTo(bytes(key.toString()));
            }
            return 25;
        });

        assertThat(counts).hasSize(threads);
        assertThat(idle(Duration.ZERO, 2)).containsExactlyInAnyOrder("run-0", "run-1", "run-2");
    }

    private void put(BlobKey key, byte[] content) throws IOException {
        try (BlobWriter out = store.write(key)) {
            out.write(content);
            out.commit();
        }
    }

    private static byte[] read(BlobStore from, BlobKey key) throws IOException {
        Optional<InputStream> found = from.read(key);
        assertThat(found).as("blob %s", key).isPresent();
        try (InputStream in = found.get()) {
            return in.readAllBytes();
        }
    }

    /** All of them, in pages. */
    private List<String> idle(Duration atLeast, int limit) throws IOException {
        List<String> all = new ArrayList<>();
        String after = null;
        List<String> page;
        do {
            page = store.idleRuns(atLeast, after, limit);
            assertThat(page).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page);
            Clauses.goOn(all.size());
            after = page.isEmpty() ? after : page.get(page.size() - 1);
        } while (page.size() == limit);
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
