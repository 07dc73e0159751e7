/** Benchmarks of the engine, and the hand-written programs it is measured against. */
package dev.flowengine.benchmarks;
