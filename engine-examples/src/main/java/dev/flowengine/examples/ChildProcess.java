package dev.flowengine.examples;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** This program in another process, which is gone for certain once this is closed. */
final class ChildProcess implements AutoCloseable {
    /** How long a process may keep silent; long enough for any machine. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Path errors;
    /** Its lines; empty for their end. */
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

    private ChildProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
    }

    /**
     * Starts the program with the Java, and the classes, of this process.
     *
     * @param args sub-command and options
     * @param input what it can read
     * @param errors a file for what it writes to standard error
     */
    static ChildProcess start(List<String> args, String input, Path errors) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(program());
        command.addAll(args);
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        ChildProcess child = new ChildProcess(process, errors);
        Thread reader = new Thread(child::read, "output of process " + process.pid());
        reader.setDaemon(true);
        reader.start();
        try (Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
            in.write(input);
        } catch (IOException alreadyGone) {
            // Whoever waits for its lines will hear of it.
        }
        return child;
    }

    long pid() {
        return process.pid();
    }

    /** The next line it writes; empty if there will be none. */
    Optional<String> nextLine() throws InterruptedException {
        Optional<String> line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (line == null) {
            throw new ChildFailedException(
                    "process " + pid() + " has written nothing for " + PATIENCE.toMinutes() + " minutes" + lastError());
        }
        return line;
    }

    /** Ends it at once, as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new ChildFailedException("process " + pid() + " does not end" + lastError());
        }
        return process.exitValue();
    }

    /** The last line it has written to standard error, after a colon; empty if there is none. */
    String lastError() {
        try {
            List<String> all = Files.readAllLines(errors).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
            return all.isEmpty() ? "" : ": " + all.get(all.size() - 1).strip();
        } catch (IOException unreadable) {
            return "";
        }
    }

    /** Kills it, and waits until it is gone: only then are its files nobody's. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(Optional.of(line));
            }
        } catch (IOException closed) {
            // The end of its lines, too.
        } finally {
            lines.add(Optional.empty());
        }
    }

    private static String java() {
        return ProcessHandle.current()
                .info()
                .command()
                .orElseGet(() -> System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    }

    private static List<String> program() {
        Module module = Main.class.getModule();
        if (module.isNamed()) {
            String main = module.getName() + "/" + Main.class.getName();
            return List.of("-p", System.getProperty("jdk.module.path"), "--add-modules", "ALL-MODULE-PATH", "-m", main);
        }
        return List.of("-cp", System.getProperty("java.class.path"), Main.class.getName());
    }
}
