/** What the author of a node sees: the kinds of body, their inputs, and the context they run in. */
@NullMarked
package dev.flowengine.node;

import org.jspecify.annotations.NullMarked;
