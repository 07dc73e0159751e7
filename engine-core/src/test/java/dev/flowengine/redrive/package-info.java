/** What is done with executions that have ended: redrives, the history and the archive. */
@NullMarked
package dev.flowengine.redrive;

import org.jspecify.annotations.NullMarked;
