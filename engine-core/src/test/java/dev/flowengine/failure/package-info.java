/** What becomes of failures and of what takes too long: S19 to S24, S27 and the pitfalls around them. */
@NullMarked
package dev.flowengine.failure;

import org.jspecify.annotations.NullMarked;
