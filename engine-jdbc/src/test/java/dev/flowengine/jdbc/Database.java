package dev.flowengine.jdbc;

/** The databases the tests of this module run on. */
enum Database {
    H2,
    POSTGRESQL,
    MARIADB;

    /** A database without runs. */
    Opened open() {
        TestDatabase database = switch (this) {
            case H2 -> H2Databases.inMemory();
            case POSTGRESQL -> PostgresServer.database();
            case MARIADB -> MariaDbServer.database();
        };
        JdbcExecutionStore.builder(database.dataSource()).createSchema(true).build();
        return new Opened(this, database, this == H2 ? database::close : database::clear);
    }

    /** A database for one test. */
    record Opened(Database kind, TestDatabase database, Runnable end) implements AutoCloseable {

        /** A store over it. */
        JdbcExecutionStore store() {
            return JdbcExecutionStore.builder(database.dataSource()).build();
        }

        Dialect dialect() {
            return switch (kind) {
                case H2 -> new H2Dialect();
                case POSTGRESQL -> new PostgresDialect();
                case MARIADB -> new MariaDbDialect(true);
            };
        }

        /** A table of numbers from 1 on, in a column "i". */
        String numbers(int count) {
            return switch (kind) {
                case H2 -> "(SELECT x AS i FROM SYSTEM_RANGE(1, " + count + ")) numbers";
                case POSTGRESQL -> "generate_series(1, " + count + ") AS numbers(i)";
                case MARIADB -> "(SELECT seq AS i FROM seq_1_to_" + count + ") numbers";
            };
        }

        @Override
        public void close() {
            end.run();
        }
    }
}
