package dev.flowengine.blob;

import dev.flowengine.persistence.BlobKey;
import dev.flowengine.persistence.BlobStore;
import dev.flowengine.persistence.BlobWriter;
import dev.flowengine.persistence.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps blobs as files below a directory. Engines in several processes may share it, if its file system moves files
 * atomically for all of them, as local ones and NFS do. Thread-safe.
 *
 * <p>Each run has a directory, named by a digest of its id, and each blob is a file in it. A file is written under a name of its own,
 * forced to disk, and moved into place. Nothing but what this class has named is ever opened, and no symbolic link below the
 * directory is followed to a blob.
 */
public final class FileBlobStore implements BlobStore {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private final RunDirectories directories;
    private final InstantSource clock = SystemClock.INSTANCE;

    private FileBlobStore(RunDirectories directories) {
        this.directories = directories;
    }

    /**
     * Keeps blobs below a directory.
     *
     * @param directory where; created if it is not there, and then, where the file system knows owners, for the one of this
     *     process alone. Nothing else should write below it
     * @return a store
     * @throws StoreException if the directory cannot be created or read
     */
    public static FileBlobStore in(Path directory) {
        Objects.requireNonNull(directory, "directory");
        try {
            create(directory);
            return new FileBlobStore(new RunDirectories(directory.toRealPath()));
        } catch (IOException e) {
            throw StoreException.permanentFailure(
                    "there can be no blobs in " + directory + ": " + e,
                    e,
                    "Name a directory that is there, or can be created, and that the process may write to.");
        }
    }

    /** What executions put out is nobody else's business, whatever the process lets others do with its files. */
    private static void create(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null || Files.isDirectory(absolute)) {
            return;
        }
        Files.createDirectories(parent);
        try {
            if (absolute.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createDirectory(absolute, PosixFilePermissions.asFileAttribute(OWNER));
            } else {
                Files.createDirectory(absolute);
            }
        } catch (FileAlreadyExistsException another) {
            if (!Files.isDirectory(absolute)) {
                throw another;
            }
        }
    }

    @Override
    public BlobWriter write(BlobKey key) throws IOException {
        try {
            RunDirectory directory = directories.of(key.executionId());
            directory.prepare();
            return new FileBlobWriter(directory, key.name());
        } catch (AccessDeniedException denied) {
            throw denied(denied);
        }
    }

    @Override
    public Optional<InputStream> read(BlobKey key) throws IOException {
        Path file = directories.of(key.executionId()).blob(key.name());
        try {
            return Optional.of(Channels.newInputStream(
                    Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (AccessDeniedException denied) {
            throw denied(denied);
        }
    }

    /** Without a copy of the bytes, where the file system knows links: a file that is linked goes with its last name. */
    @Override
    public boolean copy(BlobKey from, BlobKey to) throws IOException {
        Path file = directories.of(from.executionId()).blob(from.name());
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        RunDirectory directory = directories.of(to.executionId());
        try {
            directory.prepare();
            Path link = directory.unfinished();
            Files.createLink(link, file);
            directory.moveIntoPlace(link, to.name());
            return true;
        } catch (UnsupportedOperationException | IOException notLinked) {
            return BlobStore.super.copy(from, to);
        }
    }

    @Override
    public void remove(String executionId) throws IOException {
        directories.of(executionId).remove();
    }

    @Override
    public List<String> idleRuns(Duration atLeast, @Nullable String after, int limit) throws IOException {
        if (limit < 1 || atLeast.isNegative()) {
            throw new IllegalArgumentException("runs are listed " + limit + " at a time, idle for " + atLeast);
        }
        Instant latest = clock.instant().minus(atLeast);
        return directories.idleRuns(latest, after, limit);
    }

    private static StoreException denied(AccessDeniedException denied) {
        return StoreException.permanentFailure(
                "a blob cannot be reached: " + denied,
                denied,
                "Let the process read and write the directory of the blobs.");
    }

    @Override
    public String toString() {
        return "blobs in " + directories;
    }
}
