package dev.flowengine.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The directory of a run: a file {@code run} with its id, which is what says whose directory it is, a file
 * {@code b-<name>} for each blob, and {@code p-<any>} for each that is being written.
 */
final class RunDirectory {
    private static final String ID = "run";
    private static final String BLOB = "b-";
    private static final String UNFINISHED = "p-";
    private static final int MOST_TRIES = 5;

    private final Path root;
    private final Path group;
    private final Path directory;
    private final String executionId;

    RunDirectory(Path root, Path group, String name, String executionId) {
        this.root = root;
        this.group = group;
        this.directory = group.resolve(name);
        this.executionId = executionId;
    }

    /** Where a blob is, if it is there. */
    Path blob(String name) throws IOException {
        requireNoLinks();
        return directory.resolve(BLOB + name);
    }

    /** Where a blob may be written that is not there yet. */
    Path unfinished() {
        return directory.resolve(UNFINISHED + UUID.randomUUID());
    }

    /** Makes the directory, unless it is there. */
    void prepare() throws IOException {
        requireNoLinks();
        Path id = directory.resolve(ID);
        if (Files.exists(id, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.createDirectories(directory);
        Path written = unfinished();
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(bytes(executionId));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        move(written, id);
        force(group);
        force(root);
    }

    /** Makes a blob of what was written, for good. */
    void moveIntoPlace(Path written, String name) throws IOException {
        // Again, as somebody may have removed the run meanwhile: a blob without it would never be found.
        prepare();
        move(written, blob(name));
    }

    private void requireNoLinks() throws IOException {
        for (Path step : List.of(group, directory)) {
            if (Files.isSymbolicLink(step)) {
                throw new FileSystemException(step.toString(), null, "is a symbolic link, which nothing here has made");
            }
        }
    }

    private void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(directory);
    }

    /** Makes last what was named in a directory. Where a directory is no file to be opened, the file system does so itself. */
    private static void force(Path directory) throws IOException {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** The id goes last, so that what is interrupted is found again. */
    void remove() throws IOException {
        requireNoLinks();
        for (int tries = 1; ; tries++) {
            try {
                for (Path entry : entries(directory)) {
                    if (!RunDirectories.name(entry).equals(ID)) {
                        Files.deleteIfExists(entry);
                    }
                }
                Files.deleteIfExists(directory.resolve(ID));
                Files.deleteIfExists(directory);
                return;
            } catch (DirectoryNotEmptyException writtenMeanwhile) {
                if (tries == MOST_TRIES) {
                    // So that what is left over can be found.
                    prepare();
                    throw writtenMeanwhile;
                }
            }
        }
    }

    /** The run a directory belongs to, if nothing in it was changed since an instant. */
    static Optional<String> idle(Path directory, Instant latest) throws IOException {
        try {
            if (isChangedAfter(directory, latest)) {
                return Optional.empty();
            }
            for (Path entry : entries(directory)) {
                if (isChangedAfter(entry, latest)) {
                    return Optional.empty();
                }
            }
            return Optional.of(text(Files.readAllBytes(directory.resolve(ID))));
        } catch (NoSuchFileException gone) {
            // Somebody removes it, or was lost while making it.
            discardUnnamed(directory);
            return Optional.empty();
        }
    }

    /** What has no id was left before anything was in it. */
    private static void discardUnnamed(Path directory) throws IOException {
        if (!Files.exists(directory.resolve(ID), LinkOption.NOFOLLOW_LINKS)) {
            try {
                for (Path entry : entries(directory)) {
                    if (RunDirectories.name(entry).startsWith(UNFINISHED)) {
                        Files.deleteIfExists(entry);
                    }
                }
                Files.deleteIfExists(directory);
            } catch (DirectoryNotEmptyException used) {
                // Somebody is making it just now.
            }
        }
    }

    private static boolean isChangedAfter(Path path, Instant latest) throws IOException {
        return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                .toInstant()
                .isAfter(latest);
    }

    private static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (NoSuchFileException gone) {
            entries.clear();
        }
        return entries;
    }

    /** The characters as they are: an id need not be well-formed. */
    static byte[] bytes(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * text.length());
        bytes.asCharBuffer().put(text);
        return bytes.array();
    }

    private static String text(byte[] bytes) {
        return ByteBuffer.wrap(bytes).asCharBuffer().toString();
    }
}
