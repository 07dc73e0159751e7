/** Executions whose engine is lost at any of its writes, for the tests of every store. */
@NullMarked
package dev.flowengine.crash;

import org.jspecify.annotations.NullMarked;
