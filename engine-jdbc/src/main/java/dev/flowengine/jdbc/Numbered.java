package dev.flowengine.jdbc;

/**
 * Something that belongs to a run.
 *
 * @param runNo the number its rows are known by
 * @param item what belongs to it
 */
record Numbered<T>(long runNo, T item) {}
