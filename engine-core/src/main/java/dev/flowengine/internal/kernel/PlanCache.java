package dev.flowengine.internal.kernel;

import dev.flowengine.extension.TimeSource;
import dev.flowengine.flow.Flow;
import dev.flowengine.internal.layout.CompiledPlan;
import dev.flowengine.internal.layout.EngineDefaults;
import dev.flowengine.internal.layout.FlowIndex;
import dev.flowengine.internal.layout.Target;
import dev.flowengine.plan.Start;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Compiled plans by flow and start. A flow nobody holds any more takes its plans with it. Thread-safe. */
final class PlanCache {
    private static final int MOST_PLANS_PER_FLOW = 64;

    private final Map<Flow, PlansOfFlow> byFlow = Collections.synchronizedMap(new WeakHashMap<>());

    private final EngineDefaults defaults;
    private final TimeSource time;

    PlanCache(EngineDefaults defaults, TimeSource time) {
        this.defaults = defaults;
        this.time = time;
    }

    FlowIndex index(Flow flow) {
        return plansOf(flow).index;
    }

    /** How long the nodes of a flow took; forgotten with the flow. */
    NodeDurations durations(Flow flow) {
        return plansOf(flow).durations;
    }

    CompiledPlan plan(Flow flow, Start start, @Nullable Target target, Set<String> given) {
        return plansOf(flow).plan(new Key(start, target, given));
    }

    private PlansOfFlow plansOf(Flow flow) {
        PlansOfFlow plans = byFlow.get(flow);
        if (plans == null) {
            // Outside the lock of the map: indexing a large flow must not hold up starts of others.
            plans = new PlansOfFlow(FlowIndex.of(flow, defaults), time);
            PlansOfFlow earlier = byFlow.putIfAbsent(flow, plans);
            plans = earlier == null ? plans : earlier;
        }
        return plans;
    }

    /** What makes two starts of a flow run the same plan. */
    private record Key(Start start, @Nullable Target target, Set<String> given) {}

    private static final class PlansOfFlow {
        private final FlowIndex index;
        private final NodeDurations durations;
        private final Map<Key, CompiledPlan> plans = new ConcurrentHashMap<>();

        PlansOfFlow(FlowIndex index, TimeSource time) {
            this.index = index;
            this.durations = new NodeDurations(index.size(), time);
        }

        CompiledPlan plan(Key key) {
            CompiledPlan plan = plans.get(key);
            if (plan == null) {
                plan = CompiledPlan.of(index, key.start(), key.target(), key.given());
                if (plans.size() >= MOST_PLANS_PER_FLOW) {
                    plans.clear();
                }
                plans.put(key, plan);
            }
            return plan;
        }
    }
}
