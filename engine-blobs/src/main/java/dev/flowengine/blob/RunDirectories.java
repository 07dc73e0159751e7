package dev.flowengine.blob;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The directories of runs, in one of 256 each by the beginning of their names: file systems are slow with very many entries in one.
 * Their order is that of their names. Thread-safe.
 */
final class RunDirectories {
    private static final Pattern GROUP = Pattern.compile("[0-9a-f]{2}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Path root;

    RunDirectories(Path root) {
        this.root = root;
    }

    RunDirectory of(String executionId) {
        String digest = digest(executionId);
        return new RunDirectory(root, root.resolve(digest.substring(0, 2)), digest, executionId);
    }

    /** Runs of which nothing was changed since an instant. */
    List<String> idleRuns(Instant latest, @Nullable String after, int limit) throws IOException {
        String last = after == null ? "" : digest(after);
        List<String> found = new ArrayList<>();
        for (Path group : inOrder(root, GROUP)) {
            if (last.startsWith(name(group)) || name(group).compareTo(last) > 0) {
                for (Path directory : inOrder(group, DIGEST)) {
                    if (name(directory).compareTo(last) > 0) {
                        RunDirectory.idle(directory, latest).ifPresent(found::add);
                    }
                    if (found.size() == limit) {
                        return found;
                    }
                }
            }
        }
        return found;
    }

    private static List<Path> inOrder(Path directory, Pattern names) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                directory,
                entry -> names.matcher(name(entry)).matches() && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
            entries.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException gone) {
            found.clear();
        }
        Collections.sort(found);
        return found;
    }

    static String name(Path path) {
        return Optional.ofNullable(path.getFileName()).map(Path::toString).orElse("");
    }

    /** Of any text, also one that is no Unicode: by its characters. */
    private static String digest(String executionId) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(RunDirectory.bytes(executionId)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
