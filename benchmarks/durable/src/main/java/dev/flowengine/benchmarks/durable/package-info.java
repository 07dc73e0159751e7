/** Durable flows on PostgreSQL: the engine beside plain JDBC, and beside peers that are found as services. */
@NullMarked
package dev.flowengine.benchmarks.durable;

import org.jspecify.annotations.NullMarked;
