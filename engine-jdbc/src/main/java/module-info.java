/** The execution store on JDBC databases. */
module dev.flowengine.jdbc {
    requires transitive dev.flowengine.persistence.spi;
    requires transitive java.sql;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.flowengine.jdbc;
}
