/** Pause, resume, cancel, and interventions in nodes: at every moment, from every thread. */
@NullMarked
package dev.flowengine.control;

import org.jspecify.annotations.NullMarked;
