package dev.flowengine.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.InputSpec;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RouterRef;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.Port;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DefaultJoinTest {
    private final FlowBuilder f = Flow.builder("joins");
    private final TriggerRef<Integer> start = f.trigger("start", Integer.class);

    @WithThreads
    @DisplayName("S11 R24 a merge of exclusive branches runs, whichever branch was taken")
    void a_merge_of_exclusive_branches_runs(int threads) {
        BranchRef<Integer> size =
                f.branch("size", start).when("big", n -> n > 10).otherwise("small");
        NodeRef<String> big = f.node("big", size.on("big"), n -> "big " + n);
        NodeRef<String> checked = f.node("checked", big, text -> "checked " + text);
        NodeRef<String> small = f.node("small", size.on("small"), n -> "small " + n);
        NodeRef<String> merged = f.merge("merged", checked, small);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int i = 0; i < 22; i++) {
                ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, start, i));
                assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(result.output(merged)).isEqualTo(i > 10 ? "checked big " + i : "small " + i);
            }
        }
    }

    @Test
    @DisplayName("S11 a node with two ports needs both")
    void a_node_with_two_ports_needs_both() {
        BranchRef<Integer> size = f.branch("size", start).when("big", n -> n > 10);
        NodeRef<Integer> sum = f.node("sum", size.on("big"), start, Integer::sum);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeFromTrigger(flow, start, 11)).output(sum))
                    .isEqualTo(22);
            assertThat(Runs.states(Runs.ended(engine.executeFromTrigger(flow, start, 10))))
                    .containsEntry("sum", "SKIPPED(BRANCH_NOT_TAKEN)");
        }
    }

    @Test
    @DisplayName("S11 an optional port does not keep its node from running")
    void an_optional_port_may_stay_empty() {
        BranchRef<Integer> size = f.branch("size", start).when("big", n -> n > 10);
        NodeRef<String> either = f.node("either", start, f.optional(size.on("big")), (n, big) -> n + " " + big);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.ended(engine.executeFromTrigger(flow, start, 11)).output(either))
                    .isEqualTo("11 Optional[11]");
            assertThat(Runs.ended(engine.executeFromTrigger(flow, start, 1)).output(either))
                    .isEqualTo("1 Optional.empty");
        }
    }

    @Test
    @DisplayName("S11 a failure on an optional port skips the node all the same")
    void a_failure_on_an_optional_port_skips() {
        NodeRef<Integer> broken = f.node("broken", start, n -> Integer.divideUnsigned(n, 0));
        f.node("either", start, f.optional(broken), (n, other) -> n);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            assertThat(Runs.states(Runs.ended(engine.executeFromTrigger(flow, start, 1))))
                    .containsEntry("either", "SKIPPED(UPSTREAM_FAILED)");
        }
    }

    @WithThreads
    @DisplayName("S11 after waits until its source has settled")
    void after_waits_for_its_source(int threads) {
        CompletableFuture<Integer> slow = new CompletableFuture<>();
        List<String> seen = new CopyOnWriteArrayList<>();
        NodeRef<Integer> first = f.asyncNode(
                "first",
                start,
                n -> slow.thenApply(value -> {
                    seen.add("first");
                    return value;
                }));
        NodeRef<Integer> quick = f.node("quick", start, n -> n);
        f.action("second", quick, n -> seen.add("second")).after(first);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            FlowExecution run = engine.executeFromTrigger(flow, start, 1);
            Runs.awaitNode(run, "quick", NodeStatus.COMPLETED);
            assertThat(run.snapshot().node("second").orElseThrow().status()).isEqualTo(NodeStatus.IDLE);
            assertThat(run.explain("second")).contains("'first'");

            slow.complete(1);
            assertThat(Runs.ended(run).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(seen).containsExactly("first", "second");
        }
    }

    @Test
    @DisplayName("S11 after a node that failed is skipped; after one that was skipped or fired nothing is not")
    void after_skips_only_on_failure() {
        Port<Integer> never = Port.of("never", Integer.class);
        NodeRef<Integer> broken = f.node("broken", start, n -> Integer.divideUnsigned(n, 0));
        RouterRef router = f.router("router", start, List.of(never), (n, emit) -> {});
        NodeRef<Integer> skipped = f.node("skipped", router.on(never), n -> n);
        NodeRef<Integer> behindFailure = f.node("behind failure", broken, n -> n);
        NodeRef<Integer> ran = f.node("after skipped", start, n -> n).after(skipped, router.on(never));
        f.node("after failed", start, n -> n).after(broken);
        f.node("after skipped by failure", start, n -> n).after(behindFailure);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, start, 5));

            assertThat(result.output(ran)).isEqualTo(5);
            assertThat(Runs.states(result))
                    .containsEntry("skipped", "SKIPPED(BRANCH_NOT_TAKEN)")
                    .containsEntry("after failed", "SKIPPED(UPSTREAM_FAILED)")
                    .containsEntry("after skipped by failure", "SKIPPED(UPSTREAM_FAILED)");
        }
    }

    @Test
    @DisplayName("S11 a node without inputs runs after the node it waits for")
    void a_node_may_only_wait() {
        List<String> seen = new ArrayList<>();
        NodeRef<Void> first = f.action("first", start, n -> seen.add("first"));
        f.action("second", InputSpec.none(), nothing -> seen.add("second")).after(first);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.create()) {
            ExecutionResult result = Runs.ended(engine.executeFromTrigger(flow, start, 5));

            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(seen).containsExactly("first", "second");
        }
    }

    @WithThreads
    @DisplayName("S11 a merge behind branches of different length waits for the longer one")
    void a_merge_waits_for_the_longer_branch(int threads) {
        NodeRef<Integer> side = f.node("side", start, n -> -1);
        NodeRef<Integer> last = f.node("n0", start, n -> n + 1);
        for (int i = 1; i < 1_000; i++) {
            last = f.node("n" + i, last, n -> n + 1);
        }
        NodeRef<Integer> sum = f.node("sum", side, last, Integer::sum);
        Flow flow = f.build();
        try (FlowEngine engine = Engines.withThreads(threads)) {
            for (int i = 0; i < 5; i++) {
                assertThat(Runs.ended(engine.executeFromTrigger(flow, start, i)).output(sum))
                        .isEqualTo(i + 999);
            }
        }
    }
}
