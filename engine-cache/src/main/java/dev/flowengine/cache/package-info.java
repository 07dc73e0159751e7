/** A cache in memory for results of nodes, bounded by their number. */
@NullMarked
package dev.flowengine.cache;

import org.jspecify.annotations.NullMarked;
