package dev.flowengine.examples;

/**
 * How a trace was replayed.
 *
 * @param speed recorded seconds for each second that passed
 * @param workers how many tasks could run at once
 * @param usableWorkers how many of these the trace could keep busy at its widest
 */
record ReplaySetting(double speed, int workers, int usableWorkers) {}
