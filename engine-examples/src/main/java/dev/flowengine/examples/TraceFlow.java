package dev.flowengine.examples;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import dev.flowengine.flow.InvalidFlowException;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.JoinRule;
import dev.flowengine.node.NodeContext;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A trace as a flow: a node for each task, and one trigger that feeds all tasks without parents. It is fired with the
 * {@link ReplayClock} its nodes wait by.
 *
 * @param flow the flow
 * @param trigger id of the trigger, which is no task
 */
record TraceFlow(Flow flow, String trigger) {

    /**
     * Builds the flow. A task with several parents has one input port, which takes all its connections, and runs when
     * every one of them was taken: that says the same as a port for each parent, and is smaller.
     *
     * @throws InvalidTraceException if tasks wait for each other in a circle
     */
    static TraceFlow of(WfTrace trace) {
        String trigger = triggerId(trace);
        FlowDefinition definition =
                Flow.definition(Objects.toString(trace.file().getFileName())).trigger(trigger);
        for (WfTask task : trace.tasks()) {
            definition.add(NodeDefinition.builder(task.id())
                    .join(JoinRule.ALL_SUCCESS)
                    .body(context -> replay(task, context))
                    .build());
        }
        for (WfTask task : trace.tasks()) {
            if (task.parents().isEmpty()) {
                definition.connect(trigger, task.id());
            }
            task.parents().forEach(parent -> definition.connect(parent, task.id()));
        }
        try {
            return new TraceFlow(definition.build(), trigger);
        } catch (InvalidFlowException refused) {
            throw invalid(trace, refused);
        }
    }

    private static String replay(WfTask task, NodeContext context) throws InterruptedException {
        ReplayClock clock =
                (ReplayClock) Objects.requireNonNull(context.execution().triggerData());
        clock.pass(task.seconds());
        return task.id();
    }

    private static String triggerId(WfTrace trace) {
        Set<String> taken = trace.tasks().stream().map(WfTask::id).collect(Collectors.toSet());
        String id = "start";
        while (taken.contains(id)) {
            id = "_" + id;
        }
        return id;
    }

    private static InvalidTraceException invalid(WfTrace trace, InvalidFlowException refused) {
        boolean circle = !refused.dependencyChain().isEmpty();
        String found = circle
                ? "tasks wait for each other in a circle: " + String.join(" -> ", refused.dependencyChain())
                : OneLine.of(refused);
        String remedy = circle ? "remove one of these dependencies" : refused.suggestedResolution();
        return new InvalidTraceException(trace.file(), "/workflow/specification/tasks", found, remedy);
    }
}
