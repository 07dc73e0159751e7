/** What an execution will do, told before it does it. */
@NullMarked
package dev.flowengine.plan;

import org.jspecify.annotations.NullMarked;
