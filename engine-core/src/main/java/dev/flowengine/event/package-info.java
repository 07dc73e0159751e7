/** What happens to executions, told to listeners in order and off the path of execution. */
@NullMarked
package dev.flowengine.event;

import org.jspecify.annotations.NullMarked;
