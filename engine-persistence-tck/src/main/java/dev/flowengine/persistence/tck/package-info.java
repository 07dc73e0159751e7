/**
 * What the author of a store needs to test it, and whoever uses stores to test that.
 *
 * <p>{@link ExecutionStoreContract} is the contract as JUnit tests, to be extended for each store;
 * {@link InMemoryExecutionStore} is a store that fulfils it; {@link FaultyExecutionStore} makes any store fail at a chosen
 * write.
 */
@NullMarked
package dev.flowengine.persistence.tck;

import org.jspecify.annotations.NullMarked;
