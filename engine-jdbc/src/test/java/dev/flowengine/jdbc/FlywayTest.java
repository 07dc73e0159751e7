package dev.flowengine.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scripts of the jar are migrations for those who use Flyway. */
class FlywayTest {

    @ParameterizedTest
    @EnumSource(Database.class)
    void the_scripts_of_the_jar_are_migrations_of_flyway(Database kind) {
        try (Database.Opened opened = kind.open()) {
            String folder = switch (kind) {
                case H2 -> "h2";
                case POSTGRESQL -> "postgresql";
                case MARIADB -> "mariadb";
            };
            Flyway.configure()
                    .dataSource(opened.database().dataSource())
                    .locations("classpath:dev/flowengine/jdbc/" + folder)
                    .placeholders(Map.of("tables", "fly_", "prefix", "fly_", "collation", "utf8mb4_nopad_bin"))
                    .table("fly_history")
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();

            JdbcExecutionStore store = JdbcExecutionStore.builder(
                            opened.database().dataSource())
                    .tablePrefix("fly_")
                    .build();
            store.create(Runs.owned("fly"));
            assertThat(store.load("fly")).isPresent();
            TestDatabase.TABLES.forEach(table -> opened.database().execute("DELETE FROM fly_" + table));
        }
    }
}
