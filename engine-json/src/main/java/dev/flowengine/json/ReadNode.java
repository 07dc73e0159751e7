package dev.flowengine.json;

import dev.flowengine.flow.NodeDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node as far as it could be read.
 *
 * @param id its id, if it has one
 * @param definition the node; where a setting could not be read, with one nothing can be wrong with
 * @param isMade whether its type made it, so that its ports are known
 * @param after what it waits for, by its place in the document; null for what could not be read
 */
record ReadNode(@Nullable String id, NodeDefinition definition, boolean isMade, List<@Nullable String> after) {}
