package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A {@link WorkerProcess}, led and heard from here; gone for certain once this is closed. */
final class Worker implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final PrintWriter in;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private Worker(Process process) {
        this.process = process;
        this.in = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        this.reader = new Thread(this::read, "output of process " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts one, and waits until it is ready.
     *
     * @param url the database
     * @param lease how long others wait for it
     * @param holdAfter how many bodies of the node in the middle end before it is told to open
     */
    static Worker start(String url, Duration lease, int holdAfter) throws IOException {
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        List<String> command = List.of(
                java,
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerProcess.class.getName(),
                url,
                String.valueOf(lease.toMillis()),
                String.valueOf(holdAfter));
        Worker worker = new Worker(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        worker.awaitLines("ready", 1);
        return worker;
    }

    void tell(String line) {
        in.println(line);
    }

    /** What follows on a word in the lines that begin with it, as far as they have been read. */
    List<String> heard(String word) {
        return lines.stream()
                .filter(line -> (line + " ").startsWith(word + " "))
                .map(line -> line.equals(word) ? "" : line.substring(word.length() + 1))
                .toList();
    }

    void awaitLines(String word, int count) {
        await().atMost(PATIENCE).until(() -> {
            assertThat(process.isAlive() || heard(word).size() >= count)
                    .as("process %s goes on", process.pid())
                    .isTrue();
            return heard(word).size() >= count;
        });
    }

    /** Asks until it owns no execution. */
    void awaitOwnsNothing() {
        await().atMost(PATIENCE).until(() -> {
            int before = heard("owned").size();
            tell("owned");
            awaitLines("owned", before + 1);
            return heard("owned").get(before).equals("0");
        });
    }

    /** Ends it as {@code kill -9} does; whatever it had written has been read then. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        reader.join(PATIENCE.toMillis());
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** Makes it stand still, and waits until all of its threads do. */
    void stop() {
        signal("STOP");
        await().atMost(PATIENCE).until(() -> state() == 'T');
    }

    /** Lets it go on. */
    void wake() {
        signal("CONT");
    }

    /** Lets it end by itself. */
    int exitCode() throws InterruptedException {
        in.close();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        in.close();
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
            assertThat(kill.onExit().join().exitValue()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Linux says of the process: after the name, which is in parentheses. */
    private char state() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException closed) {
            // The end of its lines, too.
        }
    }
}
