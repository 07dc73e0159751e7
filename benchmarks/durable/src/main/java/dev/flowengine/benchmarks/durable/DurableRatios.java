package dev.flowengine.benchmarks.durable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;

/**
 * Prints what durable flows of {@value Contender#STEPS} steps in a row that do nothing cost on PostgreSQL, in one table: the engine
 * beside plain JDBC and whatever peers are found, all on one server. They run in turn, round after round, so that a machine
 * that changes its pace changes all of them; ratios are of neighbours.
 *
 * <p>Arguments, all of them optional: {@code rounds=5 seconds=3 warmup=20 connections=16 concurrent=1,16,256
 * only=engine,dbos folder=/tmp}; {@code only} takes beginnings of names, and the server keeps its data below the folder.
 */
public final class DurableRatios {
    private final Server server;
    private final Settings settings;
    private final List<Entrant> entrants = new ArrayList<>();

    private DurableRatios(Server server, Settings settings) {
        this.server = server;
        this.settings = settings;
    }

    /** Measures and prints. */
    public static void main(String... args) throws Exception {
        Settings settings = Settings.of(args);
        try (Server server = Server.start(settings.folder())) {
            DurableRatios ratios = new DurableRatios(server, settings);
            try {
                ratios.open();
                ratios.measure();
            } finally {
                ratios.close();
            }
        }
    }

    private void open() throws Exception {
        List<Contender> contenders =
                new ArrayList<>(List.of(new EngineContender(), new OneCommitPerStep(), new BatchedSteps()));
        ServiceLoader.load(Contender.class).forEach(contenders::add);
        contenders.removeIf(contender -> !settings.takes(contender.name()));
        for (Contender contender : contenders) {
            entrants.add(Entrant.open(contender, server.pool("contender_" + entrants.size(), settings.connections())));
        }
    }

    private void measure() throws Exception {
        Report.line(
                "Java %s, %d processors; PostgreSQL: %s; pools of %d connections; %d rounds of %.1f s",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                server.settings(),
                settings.connections(),
                settings.rounds(),
                settings.seconds());
        for (Entrant entrant : entrants) {
            entrant.measure(server, 64, settings.warmup());
        }
        Report.head();
        for (int concurrent : settings.concurrent()) {
            measure(concurrent);
        }
    }

    private void measure(int concurrent) throws Exception {
        List<List<Sample>> samples = new ArrayList<>();
        entrants.forEach(any -> samples.add(new ArrayList<>()));
        for (int round = 0; round < settings.rounds(); round++) {
            for (int i = 0; i < entrants.size(); i++) {
                // What the one before has left to be done by the server is not to be measured.
                entrants.get(i).measure(server, concurrent, settings.seconds() / 4);
                samples.get(i).add(entrants.get(i).measure(server, concurrent, settings.seconds()));
            }
        }
        for (int i = 0; i < entrants.size(); i++) {
            Entrant entrant = entrants.get(i);
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; i > 0 && round < settings.rounds(); round++) {
                ratios.add(samples.get(0).get(round).steps()
                        / samples.get(i).get(round).steps());
            }
            Report.row(
                    concurrent, entrant.name(), Sample.median(samples.get(i)), entrant.rowsPerStep(concurrent), ratios);
        }
    }

    private void close() throws Exception {
        for (Entrant entrant : entrants) {
            entrant.close();
        }
    }

    /** What was asked for. */
    private record Settings(Map<String, String> given) {
        private static final Map<String, String> DEFAULTS = Map.of(
                "rounds", "5",
                "seconds", "3",
                "warmup", "20",
                "connections", "16",
                "concurrent", "1,16,256",
                "only", "",
                "folder", System.getProperty("java.io.tmpdir"));

        static Settings of(String... args) {
            Map<String, String> given = new HashMap<>(DEFAULTS);
            for (String arg : args) {
                String[] parts = arg.split("=", 2);
                if (given.replace(parts[0], parts.length == 2 ? parts[1] : "") == null) {
                    throw new IllegalArgumentException("unknown argument: " + parts[0]);
                }
            }
            return new Settings(given);
        }

        private String text(String name) {
            return Objects.requireNonNull(given.get(name));
        }

        int rounds() {
            return Integer.parseInt(text("rounds"));
        }

        double seconds() {
            return Double.parseDouble(text("seconds"));
        }

        double warmup() {
            return Double.parseDouble(text("warmup"));
        }

        int connections() {
            return Integer.parseInt(text("connections"));
        }

        List<Integer> concurrent() {
            return Arrays.stream(text("concurrent").split(","))
                    .map(Integer::valueOf)
                    .toList();
        }

        Path folder() {
            return Path.of(text("folder"));
        }

        boolean takes(String name) {
            return Arrays.stream(text("only").split(",")).anyMatch(name::startsWith);
        }
    }
}
