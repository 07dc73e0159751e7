/** Flows that start flows. */
@NullMarked
package dev.flowengine.subflow;

import org.jspecify.annotations.NullMarked;
