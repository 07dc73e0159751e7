/**
 * The state machine of one execution: signals in, transitions and commands out. It knows no thread, no clock, no I/O and
 * no log, and is used by one writer at a time.
 */
@NullMarked
package dev.flowengine.internal.machine;

import org.jspecify.annotations.NullMarked;
