/** What tests of the engine share. */
@NullMarked
package dev.flowengine.testing;

import org.jspecify.annotations.NullMarked;
