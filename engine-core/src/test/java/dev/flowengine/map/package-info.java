/** Maps: what their bodies do for many items at once, and what becomes of that. */
@NullMarked
package dev.flowengine.map;

import org.jspecify.annotations.NullMarked;
