package dev.flowengine.crash;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.Flow;
import java.util.List;

/** What is executed while engines are lost. Each has a trigger {@code given}, and tells what it has come to in a node {@code told}. */
public enum CrashCase {
    /** A map with branches, a retry and a tolerated failure. */
    MAP("COMPLETED [1, 2, 100, -100] of 5, failed [5]"),
    /** A map in a map, which has a loop beside it. */
    NESTED_MAPS("COMPLETED [19, 0, 16]"),
    /** A map in a loop that fails, and handles that. */
    HANDLED_MAP("COMPLETED [[-1], [], [10, 5]]"),
    /** Nested loops with a branch, a retry and a break. */
    LOOPS("COMPLETED [113, 100, 106]"),
    /** Sub-flows: one that is waited for, one for each item of a map, one whose first child fails. */
    SUBFLOWS("COMPLETED 7 [2, 4, 6]"),
    /** A wait, a signal and an approval. */
    WAITS("COMPLETED 3 yes"),
    /** The redrive of a map of which an item had failed. */
    ITEM_REDRIVE("COMPLETED [10, 20, 30, 40] of 4, failed [], taken over [1, 2]"),
    /** Compensations: one that goes well, one that fails for good. */
    COMPENSATION("FAILED hotel FAILED 2, flight COMPLETED 1");

    /** What flows with rows of numbers are given. */
    static final List<List<Integer>> ROWS = List.of(List.of(1, 2, 5), List.of(), List.of(3, 4));

    private final String outcome;

    CrashCase(String outcome) {
        this.outcome = outcome;
    }

    /** How every such execution ends. */
    public String outcome() {
        return outcome;
    }

    /** A new one, with flows of its own. */
    public CrashExecution execution(String name) {
        return switch (this) {
            case MAP -> CrashFlows.map(name);
            case NESTED_MAPS -> CrashFlows.nestedMaps(name);
            case HANDLED_MAP -> CrashFlows.handledMap(name);
            case LOOPS -> CrashFlows.loops(name);
            case SUBFLOWS -> CrashFlows.subflows(name);
            case WAITS -> CrashFlows.waits(name);
            case ITEM_REDRIVE -> CrashFlows.itemRedrive(name);
            case COMPENSATION -> CrashFlows.compensation(name);
        };
    }

    /** One that is started with rows. */
    record Started(List<Flow> flows) implements CrashExecution {
        @Override
        public FlowExecution start(FlowEngine engine) {
            return engine.executeFromTrigger(flows.get(0), "given", ROWS);
        }

        @Override
        public String outcome(ExecutionResult end) {
            return end.status() + " " + end.output("told", String.class);
        }
    }
}
