package dev.flowengine.jdbc;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.SignalRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.Output;
import java.time.Duration;
import java.util.Set;

/** The flow of tests with several processes, each of which builds it for itself. */
final class WorkerFlow {
    static final String TRIGGER = "t";
    /** The node a process may hold. */
    static final String MIDDLE = "middle";

    static final Set<String> NODES = Set.of(TRIGGER, "first", MIDDLE, "beside", "last", "sum");

    private WorkerFlow() {}

    /** The flow with a body around all bodies. */
    static Flow of(Body around) {
        FlowBuilder f = Flow.builder("kills").version("1");
        TriggerRef<Integer> t = f.trigger(TRIGGER, Integer.class);
        NodeRef<Integer> first = node(f, "first", t, 1, around);
        NodeRef<Integer> middle = node(f, MIDDLE, first, 10, around);
        NodeRef<Integer> beside = node(f, "beside", first, 100, around);
        NodeRef<Integer> last = node(f, "last", middle, 1000, around);
        f.node("sum", last, beside, Integer::sum).returns(Integer.class);
        return f.build();
    }

    /** Another flow, which asks for an answer and says it twice. */
    static Flow asking() {
        FlowBuilder f = Flow.builder("asking").version("1");
        TriggerRef<Integer> t = f.trigger(TRIGGER, Integer.class);
        SignalRef<Integer, String> answer =
                f.waitForSignal("answer", t, String.class).deadline(Duration.ofDays(1));
        f.node("last", answer, text -> text + text).returns(String.class);
        return f.build();
    }

    /** What the last node comes to. */
    static int sumOf(int data) {
        return 2 * data + 1112;
    }

    private static NodeRef<Integer> node(FlowBuilder f, String id, Output<Integer> input, int more, Body around) {
        return f.contextNode(id, input, (number, context) -> {
                    around.run(context);
                    return number + more;
                })
                .returns(Integer.class);
    }

    /** What a body does beside computing. */
    interface Body {
        void run(NodeContext context) throws InterruptedException;
    }
}
