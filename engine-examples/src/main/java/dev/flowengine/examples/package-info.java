/**
 * Runnable examples: a flow of an order, an execution under control, the replay of a recorded workflow, and flows from
 * JSON files with a node type of their own.
 */
@NullMarked
package dev.flowengine.examples;

import org.jspecify.annotations.NullMarked;
