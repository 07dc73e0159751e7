package dev.flowengine.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.flowengine.persistence.BlobKey;
import dev.flowengine.persistence.BlobStore;
import dev.flowengine.persistence.BlobWriter;
import dev.flowengine.persistence.StoreException;
import dev.flowengine.persistence.tck.BlobFixture;
import dev.flowengine.persistence.tck.BlobStoreContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest extends BlobStoreContract {

    @TempDir
    Path directory;

    @Override
    protected BlobFixture open() {
        return new SharedDirectory();
    }

    /** Two stores over the same directory, whose files grow older. */
    private final class SharedDirectory implements BlobFixture {
        private final FileBlobStore store = FileBlobStore.in(directory);
        private final FileBlobStore other = FileBlobStore.in(directory);

        @Override
        public BlobStore store() {
            return store;
        }

        @Override
        public BlobStore anotherStore() {
            return other;
        }

        /** Files have the time of the machine: what is there already is made older. */
        @Override
        public void advance(Duration by) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.toList()) {
                    Instant at = Files.getLastModifiedTime(path).toInstant();
                    Files.setLastModifiedTime(path, FileTime.from(at.minus(by)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    @DisplayName("Whatever a run is called, nothing is written outside of the directory")
    void nothing_leaves_the_directory(@TempDir Path outer) throws IOException {
        Path inner = outer.resolve("blobs");
        FileBlobStore store = FileBlobStore.in(inner);
        for (String run : List.of("../x", "/etc/x", "..", "a/../../x", "C:\\x", "x\u0000y")) {
            write(store, new BlobKey(run, "a"), "x");
        }

        try (Stream<Path> found = Files.list(outer)) {
            assertThat(found).containsExactly(inner);
        }
        try (Stream<Path> found = Files.walk(inner)) {
            assertThat(found.map(path -> path.getFileName().toString())).allMatch(name -> name.matches("[a-z0-9-]+"));
        }
    }

    @Test
    @DisplayName("A symbolic link in place of a blob is not followed")
    void links_are_not_followed(@TempDir Path outer) throws IOException {
        Path secret = Files.writeString(outer.resolve("secret"), "secret");
        FileBlobStore store = FileBlobStore.in(directory);
        BlobKey key = new BlobKey("r1", "a");
        write(store, key, "x");
        Path blob = only("b-a");
        Files.delete(blob);
        Files.createSymbolicLink(blob, secret);

        assertThatThrownBy(() -> store.read(key)).isInstanceOf(IOException.class);
        assertThat(store.copy(key, new BlobKey("r2", "a"))).isFalse();
        store.remove("r1");
        assertThat(secret).exists();
    }

    @Test
    @DisplayName("A symbolic link in place of a directory is not followed either, to read, to write or to remove")
    void directories_are_no_links(@TempDir Path outer) throws IOException {
        FileBlobStore store = FileBlobStore.in(directory);
        BlobKey key = new BlobKey("r1", "a");
        write(store, key, "x");
        Path run = only("b-a").getParent();
        Path elsewhere = outer.resolve("elsewhere");
        Files.move(run, elsewhere);
        Files.createSymbolicLink(run, elsewhere);

        assertThatThrownBy(() -> store.read(key))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("symbolic link");
        assertThatThrownBy(() -> write(store, new BlobKey("r1", "b"), "y"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("symbolic link");
        assertThatThrownBy(() -> store.remove("r1")).isInstanceOf(IOException.class);
        assertThat(elsewhere.resolve("b-a")).exists();
    }

    @Test
    @DisplayName("A directory that it makes is its owner's alone; one that is there stays as it is")
    void permissions(@TempDir Path outer) throws IOException {
        assumeThat(outer.getFileSystem().supportedFileAttributeViews()).contains("posix");
        Path made = outer.resolve("made").resolve("blobs");
        Path given = Files.createDirectory(
                outer.resolve("given"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        FileBlobStore.in(made);
        FileBlobStore.in(made);
        FileBlobStore.in(given);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(given)))
                .isEqualTo("rwxr-x---");
    }

    @Test
    @DisplayName("What a crash has left unfinished can be read by nobody, and goes with its run")
    void unfinished() throws IOException {
        FileBlobStore store = FileBlobStore.in(directory);
        BlobWriter lost = store.write(new BlobKey("r1", "a"));
        lost.write("half".getBytes(StandardCharsets.UTF_8));
        lost.flush();

        FileBlobStore next = FileBlobStore.in(directory);
        assertThat(next.read(new BlobKey("r1", "a"))).isEmpty();
        assertThat(next.idleRuns(Duration.ZERO, null, 9)).containsExactly("r1");
        next.remove("r1");
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
        assertThatThrownBy(lost::commit).isInstanceOf(IOException.class);
        assertThat(next.read(new BlobKey("r1", "a"))).isEmpty();
    }

    @Test
    @DisplayName("However writing and removing meet, what can be read is listed, and what is removed at last is gone")
    void removed_while_written() throws Exception {
        FileBlobStore store = FileBlobStore.in(directory);
        ExecutorService writers = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 40; round++) {
                CyclicBarrier begin = new CyclicBarrier(3);
                List<Future<BlobKey>> keys = Stream.generate(() -> BlobKey.fresh("r1"))
                        .limit(2)
                        .map(key -> writers.submit(() -> {
                            begin.await();
                            try (BlobWriter out = store.write(key)) {
                                out.write('x');
                                out.commit();
                            } catch (IOException removedMeanwhile) {
                                // As the contract says: it may be tried again.
                            }
                            return key;
                        }))
                        .toList();
                begin.await();
                store.remove("r1");
                for (Future<BlobKey> key : keys) {
                    if (store.read(key.get()).isPresent()) {
                        assertThat(store.idleRuns(Duration.ZERO, null, 9)).containsExactly("r1");
                    }
                }
                store.remove("r1");
                assertThat(store.read(keys.get(0).get())).isEmpty();
                assertThat(store.idleRuns(Duration.ZERO, null, 9)).isEmpty();
            }
        } finally {
            writers.shutdownNow();
        }
    }

    @Test
    @DisplayName("A directory whose run was not written down before a crash is removed once it is old")
    void without_an_id() throws IOException {
        FileBlobStore store = FileBlobStore.in(directory);
        write(store, new BlobKey("r1", "a"), "x");
        Path run = only("b-a").getParent();
        Files.delete(run.resolve("b-a"));
        Files.move(run.resolve("run"), run.resolve("p-1"));

        assertThat(store.idleRuns(Duration.ofHours(1), null, 9)).isEmpty();
        assertThat(run).isDirectory();
        assertThat(store.idleRuns(Duration.ZERO, null, 9)).isEmpty();
        assertThat(run).doesNotExist();
    }

    @Test
    @DisplayName("Bytes come in the order in which they were written, one by one and many at a time")
    void in_order() throws IOException {
        FileBlobStore store = FileBlobStore.in(directory);
        BlobKey key = new BlobKey("r1", "a");
        byte[] many = new byte[100_000];
        Arrays.fill(many, (byte) 'm');
        try (BlobWriter out = store.write(key)) {
            for (int i = 0; i < 70_000; i++) {
                out.write('o');
            }
            out.write(many);
            out.write('e');
            out.commit();
        }

        try (InputStream in = store.read(key).orElseThrow()) {
            assertThat(in).hasContent("o".repeat(70_000) + "m".repeat(100_000) + "e");
        }
    }

    @Test
    @DisplayName("A listing that makes no sense is refused")
    void senseless() {
        FileBlobStore store = FileBlobStore.in(directory);
        assertThatIllegalArgumentException().isThrownBy(() -> store.idleRuns(Duration.ZERO, null, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> store.idleRuns(Duration.ofSeconds(-1), null, 1));
        assertThat(store.toString()).startsWith("blobs in ");
    }

    @Test
    @DisplayName("A directory that cannot be had is told with what to do")
    void no_directory() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");

        assertThatThrownBy(() -> FileBlobStore.in(file.resolve("below")))
                .isInstanceOfSatisfying(StoreException.class, failure -> {
                    assertThat(failure.isTransient()).isFalse();
                    assertThat(failure.suggestedResolution()).contains("Name a directory");
                });
    }

    private Path only(String name) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(path -> path.endsWith(name)).findFirst().orElseThrow();
        }
    }

    private static void write(FileBlobStore store, BlobKey key, String text) throws IOException {
        try (BlobWriter out = store.write(key)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.commit();
        }
        try (InputStream in = store.read(key).orElseThrow()) {
            assertThat(in).hasContent(text);
        }
    }
}
