/** Telling listeners, in order and without letting them hold anything up. */
@NullMarked
package dev.flowengine.internal.delivery;

import org.jspecify.annotations.NullMarked;
