/** What can be seen of executions: progress, metrics, statistics, standstills. */
@NullMarked
package dev.flowengine.observing;

import org.jspecify.annotations.NullMarked;
