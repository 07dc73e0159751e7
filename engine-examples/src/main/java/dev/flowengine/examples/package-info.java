/** Runnable examples: a flow of an order, an execution under control, and the replay of a recorded workflow. */
@NullMarked
package dev.flowengine.examples;

import org.jspecify.annotations.NullMarked;
