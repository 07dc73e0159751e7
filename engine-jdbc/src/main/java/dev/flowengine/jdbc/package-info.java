/** The execution store on PostgreSQL, H2, MariaDB and MySQL. */
@NullMarked
package dev.flowengine.jdbc;

import org.jspecify.annotations.NullMarked;
