/** The execution store on PostgreSQL, H2, MariaDB and MySQL: {@link dev.flowengine.jdbc.JdbcExecutionStore}. */
@NullMarked
package dev.flowengine.jdbc;

import org.jspecify.annotations.NullMarked;
