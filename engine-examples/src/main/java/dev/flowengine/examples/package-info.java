/** Runnable examples: a flow of an order, and the replay of a recorded workflow. */
@NullMarked
package dev.flowengine.examples;

import org.jspecify.annotations.NullMarked;
