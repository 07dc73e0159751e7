/**
 * An independent reading of the execution rules (S1–S23): random cases, and what each of them must come to.
 *
 * <p>Nothing here knows the engine. An engine test turns a {@link dev.flowengine.oracle.GraphCase} into a flow, runs it
 * and compares the result with {@link dev.flowengine.oracle.SettlementOracle}.
 */
@NullMarked
package dev.flowengine.oracle;

import org.jspecify.annotations.NullMarked;
