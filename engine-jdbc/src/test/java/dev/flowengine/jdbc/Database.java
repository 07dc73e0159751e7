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
        return new Opened(database, this == H2 ? database::close : database::clear);
    }

    /** A database for one test. */
    record Opened(TestDatabase database, Runnable end) implements AutoCloseable {

        /** A store over it. */
        JdbcExecutionStore store() {
            return JdbcExecutionStore.builder(database.dataSource()).build();
        }

        @Override
        public void close() {
            end.run();
        }
    }
}
