/**
 * Directed graphs over the ints 0 to n-1 and the linear passes over them that definition and compilation need. Nothing
 * here knows what a node means.
 */
@NullMarked
package dev.flowengine.internal.digraph;

import org.jspecify.annotations.NullMarked;
