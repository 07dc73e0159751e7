package dev.flowengine.redrive;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.tck.InMemoryExecutionStore;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.JavaCodec;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A map over numbers some of which its body cannot take, to be redriven. */
abstract class RedrivenMap {
    static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {};

    final Set<Integer> broken = ConcurrentHashMap.newKeySet();
    final ConcurrentLinkedQueue<Integer> calls = new ConcurrentLinkedQueue<>();
    final FlowBuilder f = Flow.builder("orders");
    final TriggerRef<List<Integer>> numbers = f.trigger("numbers", NUMBERS);

    /** Where executions are kept. */
    enum Keeping {
        IN_MEMORY,
        IN_STORE;

        FlowEngine engine() {
            return this == IN_MEMORY
                    ? Engines.create()
                    : Engines.builder()
                            .store(new InMemoryExecutionStore())
                            .codec(new JavaCodec())
                            .build();
        }
    }

    /** A map that makes ten of one, for one item after the other. */
    MapRef<Integer> oneByOne() {
        return f.map("each", numbers, n -> f.node("tenfold", n, this::tenfold).returns(Integer.class))
                .concurrency(1);
    }

    /** What bodies do, unless they are broken for a number. */
    Integer tenfold(Integer n) {
        calls.add(n);
        if (broken.contains(n)) {
            throw new IllegalStateException("broken at " + n);
        }
        return 10 * n;
    }

    /** From now on nothing fails, and calls count. */
    void mend() {
        broken.clear();
        calls.clear();
    }

    static ExecutionResult run(FlowEngine engine, Flow flow, List<Integer> given) {
        return Runs.ended(engine.executeFromTrigger(flow, "numbers", given));
    }
}
