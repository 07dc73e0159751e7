/** Who runs when: the mailbox of an execution, the threads of the engine, and the queues between them. */
@NullMarked
package dev.flowengine.internal.scheduling;

import org.jspecify.annotations.NullMarked;
