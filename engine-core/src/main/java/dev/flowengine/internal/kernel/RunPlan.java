package dev.flowengine.internal.kernel;

import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.scheduling.BodyThreads;
import dev.flowengine.internal.scheduling.Workers;
import dev.flowengine.node.AsyncBody;
import dev.flowengine.node.NodeBody;

/**
 * What an execution runs, and on what.
 *
 * @param compiled its nodes
 * @param durations how long they took in earlier executions
 * @param workers run the bodies that only compute
 * @param bodyThreads run the others
 */
record RunPlan(CompiledPlan compiled, NodeDurations durations, Workers workers, BodyThreads bodyThreads) {

    /** How many bodies can run at once; as many as one likes if some return a stage, which holds no thread. */
    int maxParallelism() {
        PlanLayout layout = compiled.layout();
        int elsewhere = 0;
        for (int node = 0; node < layout.size(); node++) {
            if (layout.hasNoBody(node)) {
                continue;
            }
            NodeBody body = layout.definition(node).body().orElseThrow();
            if (body instanceof AsyncBody) {
                return BodyThreads.UNLIMITED;
            }
            elsewhere += layout.isCpuBound(node) ? 0 : 1;
        }
        long threads = elsewhere == 0 ? 0 : bodyThreads.limit();
        long all = threads + (layout.queuedNodes() == 0 ? 0 : workers.count());
        return (int) Math.max(1, Math.min(all, BodyThreads.UNLIMITED));
    }
}
