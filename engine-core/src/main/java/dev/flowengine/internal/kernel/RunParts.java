package dev.flowengine.internal.kernel;

import dev.flowengine.internal.attempt.RunScope;
import dev.flowengine.internal.machine.ExecutionMachine;

/**
 * What an execution consists of before anything has happened to it.
 *
 * @param plan what it runs, and on what
 * @param scope what its attempts share
 * @param machine decides
 */
record RunParts(RunPlan plan, RunScope scope, ExecutionMachine machine) {}
