/** The engine: build one with {@link dev.flowengine.FlowEngine#builder()}, give it a flow, run it. */
@NullMarked
package dev.flowengine;

import org.jspecify.annotations.NullMarked;
