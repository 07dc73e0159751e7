/** The execution store on JDBC databases. */
module dev.flowengine.jdbc {
    // For JdbcNodes alone: the store needs no engine.
    requires static transitive dev.flowengine.core;
    requires transitive dev.flowengine.persistence.spi;
    requires transitive java.sql;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.flowengine.jdbc;
}
