/** What users of the running engine depend on, rule by rule. */
@NullMarked
package dev.flowengine.engine;

import org.jspecify.annotations.NullMarked;
