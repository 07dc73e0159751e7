package dev.flowengine.jdbc;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One MariaDB server for all tests of this process, if one is installed: in the usual places, or below the folder the
 * system property {@code flowengine.test.mariadb} names. It ends with the process.
 */
final class MariaDbServer {
    private static final Optional<TestDatabase> DATABASE = home().map(MariaDbServer::start);

    private MariaDbServer() {}

    /** The database, or the end of the test: reported as skipped, with the reason. */
    static TestDatabase database() {
        return DATABASE.orElseGet(() -> abort("no MariaDB server is installed: apt-get install mariadb-server-core"));
    }

    private static Optional<Path> home() {
        return Stream.of(System.getProperty("flowengine.test.mariadb", "/usr"), "/usr/local")
                .map(Path::of)
                .filter(home -> Files.isExecutable(home.resolve("sbin/mariadbd")))
                .findFirst();
    }

    private static TestDatabase start(Path home) {
        try {
            Path folder = Files.createTempDirectory("flowengine-mariadb");
            install(home, folder);
            int port = freePort();
            serve(home, folder, port);
            return TestDatabase.at(
                    "jdbc:mariadb://127.0.0.1:" + port + "/test?sslMode=disable&createDatabaseIfNotExist=true",
                    "root",
                    "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void install(Path home, Path folder) throws IOException {
        Process process = process(
                        home,
                        "bin/mariadb-install-db",
                        "--basedir=" + home,
                        "--datadir=" + folder.resolve("data"),
                        "--auth-root-authentication-method=normal")
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("the database could not be installed:\n" + output);
        }
    }

    private static void serve(Path home, Path folder, int port) throws IOException {
        Process process = process(
                        home,
                        "sbin/mariadbd",
                        "--basedir=" + home,
                        "--datadir=" + folder.resolve("data"),
                        "--socket=" + folder.resolve("socket"),
                        "--pid-file=" + folder.resolve("pid"),
                        "--bind-address=127.0.0.1",
                        "--port=" + port)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            process.destroyForcibly();
            process.onExit().join();
            delete(folder);
        }));
        StringBuilder log = new StringBuilder();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            log.append(line).append('\n');
            if (line.contains("ready for connections")) {
                // Whatever it says later must not fill the pipe.
                Thread drain = new Thread(() -> lines.lines().forEach(late -> {}), "mariadb-log");
                drain.setDaemon(true);
                drain.start();
                return;
            }
        }
        throw new IOException("the server did not start:\n" + log);
    }

    private static ProcessBuilder process(Path home, String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(home.resolve(program).toString(), "--no-defaults"));
        command.addAll(List.of(arguments));
        command.add("--user=" + System.getProperty("user.name"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .merge(
                        "LD_LIBRARY_PATH",
                        home.resolve("lib/x86_64-linux-gnu").toString(),
                        (old, ours) -> old + File.pathSeparator + ours);
        return builder;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
