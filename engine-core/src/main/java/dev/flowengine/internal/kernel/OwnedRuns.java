package dev.flowengine.internal.kernel;

import java.util.Map;

/**
 * The executions an engine owns in its store, by id; thread-safe maps.
 *
 * @param runs those that go on
 * @param unwritable those that cannot, because the store takes nothing about them, with the reason
 */
record OwnedRuns(Map<String, DurableRun> runs, Map<String, String> unwritable) {}
