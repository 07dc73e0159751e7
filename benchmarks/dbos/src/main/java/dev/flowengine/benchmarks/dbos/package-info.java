/** DBOS Transact beside the engine. */
@NullMarked
package dev.flowengine.benchmarks.dbos;

import org.jspecify.annotations.NullMarked;
