/** The built-in node types, and the conditions and pointers their parameters are made of. */
@NullMarked
package dev.flowengine.json.type;

import org.jspecify.annotations.NullMarked;
