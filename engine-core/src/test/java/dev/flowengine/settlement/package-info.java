/** The engine held against an oracle that knows the rules and nothing of the engine. */
@NullMarked
package dev.flowengine.settlement;

import org.jspecify.annotations.NullMarked;
