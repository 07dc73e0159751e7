package dev.flowengine.jdbc;

import dev.flowengine.FlowEngine;
import dev.flowengine.crash.CrashCase;
import dev.flowengine.crash.CrashPoint;
import dev.flowengine.crash.Crashes;
import dev.flowengine.persistence.ExecutionStore;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName(
        "R1 R2 R25 S26 S29 S32 S33 S34 S41 maps, loops, sub-flows, waits, redrives of items and compensations on a database:"
                + " wherever an engine is lost, another one goes on as if nothing had happened")
@Timeout(600)
class ConstructsCrashTest {
    private static final int SAMPLE = 3;
    /** Over only where the clock is set forward. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    @ParameterizedTest
    @EnumSource
    @DisplayName("before and after each write, on H2")
    void at_every_write_on_h2(CrashCase what) throws Exception {
        crash(Database.H2, what, points -> points);
    }

    @ParameterizedTest
    @MethodSource("onServers")
    @DisplayName("before and after some writes, which a seed chooses")
    void at_some_writes(Database kind, CrashCase what) throws Exception {
        Random random = new Random(Long.getLong("flowengine.test.seed", 5));
        crash(kind, what, points -> {
            Collections.shuffle(points, random);
            return points.subList(0, SAMPLE);
        });
    }

    @ParameterizedTest
    @MethodSource("onServers")
    @Tag("long")
    @DisplayName("before and after each write")
    void at_every_write(Database kind, CrashCase what) throws Exception {
        crash(kind, what, points -> points);
    }

    static Stream<Arguments> onServers() {
        return Stream.of(Database.POSTGRESQL, Database.MARIADB)
                .flatMap(kind -> Stream.of(CrashCase.values()).map(what -> Arguments.of(kind, what)));
    }

    private static void crash(Database kind, CrashCase what, UnaryOperator<List<CrashPoint>> choice) throws Exception {
        Database.Opened database = kind.open();
        try (JdbcFixture fixture = new JdbcFixture(database.database().dataSource(), database::close)) {
            Crashes crashes = new Crashes(what, fixture, LEASE, ConstructsCrashTest::engine);
            crashes.at(choice.apply(crashes.points()));
        }
    }

    private static FlowEngine engine(ExecutionStore store) {
        return FlowEngine.builder()
                .store(store)
                .lease(LEASE)
                .sweepInterval(Duration.ofMillis(20))
                .cancelGrace(Duration.ofMillis(200))
                .build();
    }
}
