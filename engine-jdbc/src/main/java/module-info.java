/** The execution store on PostgreSQL, H2, MariaDB and MySQL. */
module dev.flowengine.jdbc {
    requires transitive dev.flowengine.persistence.spi;
    requires static transitive org.jspecify;
}
