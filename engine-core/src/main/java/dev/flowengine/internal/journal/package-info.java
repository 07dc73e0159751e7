/** What is kept of executions beyond their end. */
@NullMarked
package dev.flowengine.internal.journal;

import org.jspecify.annotations.NullMarked;
