/**
 * The definition of a flow: one immutable model, written with the typed {@link dev.flowengine.flow.FlowBuilder} or put
 * together from parts with {@link dev.flowengine.flow.FlowDefinition}.
 */
@NullMarked
package dev.flowengine.flow;

import org.jspecify.annotations.NullMarked;
