package dev.flowengine.examples;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen without anybody at the keyboard.
 *
 * @param pauseAfter pause once the work of this node is done
 * @param resumeAfter resume so long after each time it is paused
 * @param cancelAfter cancel once the work of this node is done
 */
record ControlPlan(
        @Nullable String pauseAfter,
        @Nullable Duration resumeAfter,
        @Nullable String cancelAfter) {}
