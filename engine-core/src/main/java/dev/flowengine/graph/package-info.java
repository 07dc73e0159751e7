/**
 * The structure of a flow over ids and ports, and everything that can be asked of it without running it: what depends
 * on what, what a start reaches, which order is possible, what is wrong. Usable on its own, without the engine.
 */
@NullMarked
package dev.flowengine.graph;

import org.jspecify.annotations.NullMarked;
