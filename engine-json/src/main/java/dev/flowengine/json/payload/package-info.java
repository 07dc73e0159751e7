/** How payloads differ from what Jackson makes of values by itself. */
@NullMarked
package dev.flowengine.json.payload;

import org.jspecify.annotations.NullMarked;
