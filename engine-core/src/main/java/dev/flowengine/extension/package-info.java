/** What a host may replace. */
@NullMarked
package dev.flowengine.extension;

import org.jspecify.annotations.NullMarked;
