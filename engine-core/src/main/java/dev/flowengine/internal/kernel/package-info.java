/** Ties the parts of the engine together: owns executions, threads and caches. */
@NullMarked
package dev.flowengine.internal.kernel;

import org.jspecify.annotations.NullMarked;
