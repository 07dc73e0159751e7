/** What can be seen of executions: progress, metrics, statistics. */
@NullMarked
package dev.flowengine.observing;

import org.jspecify.annotations.NullMarked;
