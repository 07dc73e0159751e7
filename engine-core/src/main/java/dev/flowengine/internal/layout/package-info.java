/** The part of a flow that one kind of start runs, laid out in int-indexed arrays for the machine. */
@NullMarked
package dev.flowengine.internal.layout;

import org.jspecify.annotations.NullMarked;
