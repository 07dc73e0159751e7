/** Executions as a host sees them: the handle on one, what it looks like at a moment, and how it ended. */
@NullMarked
package dev.flowengine.execution;

import org.jspecify.annotations.NullMarked;
