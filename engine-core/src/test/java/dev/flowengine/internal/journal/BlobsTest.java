package dev.flowengine.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flowengine.internal.attempt.UnkeptOutput;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.persistence.BlobKey;
import dev.flowengine.persistence.BlobStore;
import dev.flowengine.persistence.BlobWriter;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.StoreException;
import dev.flowengine.persistence.tck.InMemoryBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BlobsTest {
    private static final Payload LARGE = Payload.of("text/plain", new byte[100]);

    /** A store that writes nothing. */
    private record Failing(Exception failure, AtomicInteger tries) implements BlobStore {

        @Override
        public BlobWriter write(BlobKey key) throws IOException {
            tries.incrementAndGet();
            if (failure instanceof IOException io) {
                throw io;
            }
            throw (RuntimeException) failure;
        }

        @Override
        public Optional<InputStream> read(BlobKey key) {
            return Optional.empty();
        }

        @Override
        public void remove(String executionId) {
            // There is nothing.
        }

        @Override
        public List<String> idleRuns(Duration atLeast, @Nullable String after, int limit) {
            return List.of();
        }
    }

    @Test
    @DisplayName("A store that goes on failing is asked ten times, and then it is the node that fails")
    void given_up() {
        for (Exception failure :
                List.of(new IOException("a cable"), StoreException.transientFailure("a cable", null))) {
            Failing store = new Failing(failure, new AtomicInteger());
            assertThatThrownBy(() -> new Blobs(store, 10, 1).kept("r1", "n", LARGE))
                    .isInstanceOfSatisfying(UnkeptOutput.class, unkept -> {
                        assertThat(unkept.kind()).isEqualTo(FailureKind.NODE_EXECUTION_FAILED);
                        assertThat(unkept.affectedNodes()).containsExactly("n");
                        assertThat(unkept).hasCause(failure);
                    })
                    .hasMessageContaining("node 'n' of execution r1")
                    .hasMessageContaining("a cable");
            assertThat(store.tries()).hasValue(10);
        }
    }

    @Test
    @DisplayName("What would not be mended by another try is not tried again")
    void permanent() {
        for (RuntimeException failure : List.of(
                StoreException.permanentFailure("no such bucket", null, "create it"),
                new IllegalStateException("a defect"))) {
            Failing store = new Failing(failure, new AtomicInteger());
            assertThatThrownBy(() -> new Blobs(store, 10, 1).kept("r1", "n", LARGE))
                    .isInstanceOf(UnkeptOutput.class)
                    .hasCause(failure);
            assertThat(store.tries()).hasValue(1);
        }
    }

    @Test
    @DisplayName("A thread that is interrupted does not wait for a store that is away")
    void interrupted() {
        Failing store = new Failing(new IOException("a cable"), new AtomicInteger());
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> new Blobs(store, 10, Duration.ofHours(1).toNanos()).kept("r1", "n", LARGE))
                    .isInstanceOf(UnkeptOutput.class)
                    .hasCauseInstanceOf(InterruptedException.class);
        } finally {
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        }
    }

    @Test
    @DisplayName("Small payloads stay what they are, and all of them without a store")
    void small() {
        Blobs blobs = new Blobs(new InMemoryBlobStore(), 100);
        assertThat(blobs.kept("r1", "n", LARGE)).isSameAs(LARGE);
        assertThat(new Blobs(null, 0).kept("r1", "n", LARGE)).isSameAs(LARGE);
        assertThat(blobs.fetched(LARGE)).isSameAs(LARGE);
    }

    @Test
    @DisplayName("A reference tells what it is of, whatever the node is called, and is read as it was written")
    void references() {
        BlobReference reference =
                new BlobReference(new BlobKey("r1", "a"), "a node\nof two lines", "application/json", 7, "ab");
        assertThat(BlobReference.of(reference.payload().bytes())).contains(reference);
        assertThat(reference.missing().affectedNodes()).containsExactly("a node\nof two lines");
        for (String broken :
                List.of("x", "2\na\n7\nab\nt\nr\nn", "1\n../a\n7\nab\nt\nr\nn", "1\na\nseven\nab\nt\nr\nn")) {
            assertThatThrownBy(() -> BlobReference.of(broken.getBytes(StandardCharsets.UTF_8)))
                    .as(broken)
                    .isInstanceOfSatisfying(
                            FlowException.class,
                            unreadable -> assertThat(unreadable.kind()).isEqualTo(FailureKind.SERIALIZATION));
        }
    }
}
