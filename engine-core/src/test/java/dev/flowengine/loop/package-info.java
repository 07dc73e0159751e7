/** Loops: what their bodies do again and again, and what becomes of that. */
@NullMarked
package dev.flowengine.loop;

import org.jspecify.annotations.NullMarked;
