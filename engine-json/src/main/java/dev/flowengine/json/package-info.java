/** Flows, plain data and payloads as JSON. */
@NullMarked
package dev.flowengine.json;

import org.jspecify.annotations.NullMarked;
