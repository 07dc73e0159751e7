/** One attempt of one node: its inputs, its context, its body, its outcome. */
@NullMarked
package dev.flowengine.internal.attempt;

import org.jspecify.annotations.NullMarked;
