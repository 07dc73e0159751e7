package dev.flowengine.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.FlowEngine;
import dev.flowengine.event.CompensationCompleted;
import dev.flowengine.event.CompensationFailed;
import dev.flowengine.event.CompensationStarted;
import dev.flowengine.event.ExecutionStatusChanged;
import dev.flowengine.execution.CompensationState;
import dev.flowengine.execution.ExecutionResult;
import dev.flowengine.execution.FlowExecution;
import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.CompensationPolicy;
import dev.flowengine.flow.FailureMode;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.TriggerRef;
import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import dev.flowengine.model.NodeStatus;
import dev.flowengine.node.Output;
import dev.flowengine.node.Port;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.RunOptions;
import dev.flowengine.testing.Engines;
import dev.flowengine.testing.WithThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("S26 compensation: what has completed is undone when the execution does not end well")
class CompensationTest {
    private final Watch watch = new Watch();
    private final List<String> undone = new CopyOnWriteArrayList<>();
    private final List<NodeRef<String>> refs = new ArrayList<>();
    private final FlowBuilder f = Flow.builder("trip");
    private final TriggerRef<String> t = f.trigger("t", String.class);

    @WithThreads
    @DisplayName("S26 S23 the last that completed first, each with its own output, and the execution still fails")
    void in_reverse_order_of_completion(int threads) {
        NodeRef<String> flight = booking("flight", t);
        NodeRef<String> hotel = booking("hotel", flight);
        NodeRef<String> car = booking("car", hotel);
        f.action("pay", car, any -> fail("no money"));
        f.compensate(CompensationPolicy.onFailure());
        try (FlowEngine engine = engine(threads)) {
            FlowExecution run = engine.executeFromTrigger(f.build(), t, "me");
            ExecutionResult result = watch.ended(run);

            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(undone).containsExactly("car of hotel of flight of me", "hotel of flight of me", "flight of me");
            assertThat(result.compensations())
                    .extracting(CompensationState::nodeId)
                    .containsExactly("car", "hotel", "flight");
            assertThat(result.compensations()).allMatch(each -> each.status() == CompensationStatus.COMPLETED);
            assertThat(result.snapshot().node("car").orElseThrow().status()).isEqualTo(NodeStatus.COMPLETED);
            assertThat(result.output(car)).isEqualTo("car of hotel of flight of me");
            assertThat(result.failure().orElseThrow())
                    .hasMessageContaining("no money")
                    .hasMessageNotContaining("compensation");
            assertThat(watch.statuses(run)).containsExactly(ExecutionStatus.COMPENSATING);
        }
    }

    @Test
    @DisplayName("S36 each has events of its own, between the status and the end")
    void events() {
        booking("flight", t);
        booking("hotel", t);
        f.action("pay", t, any -> fail("no money")).after(ref("flight"), ref("hotel"));
        f.compensate(CompensationPolicy.onFailure());
        try (FlowEngine engine = engine(1)) {
            FlowExecution run = engine.executeFromTrigger(f.build(), t, "me");
            watch.ended(run);

            List<String> told = new ArrayList<>();
            watch.events(run).forEach(event -> {
                if (event instanceof ExecutionStatusChanged change) {
                    told.add(change.status().name());
                } else if (event instanceof CompensationStarted started) {
                    told.add(started.wireName() + " " + started.attempt());
                } else if (event instanceof CompensationCompleted completed) {
                    told.add(completed.wireName() + " " + completed.attempt());
                }
            });
            assertThat(told)
                    .containsExactly(
                            "COMPENSATING",
                            "compensation-started 1",
                            "compensation-completed 1",
                            "compensation-started 1",
                            "compensation-completed 1");
        }
    }

    private NodeRef<String> ref(String id) {
        return refs.stream().filter(ref -> ref.nodeId().equals(id)).findFirst().orElseThrow();
    }

    @Test
    @DisplayName("S42 it sees the inputs of its node, and has attempts, a key and steps of its own")
    void its_context() {
        AtomicInteger tries = new AtomicInteger();
        AtomicInteger refunds = new AtomicInteger();
        NodeRef<Integer> charge = f.contextNode(
                        "charge", t, (any, context) -> context.step("money", Integer.class, () -> 7))
                .returns(Integer.class);
        charge.compensate((seven, context) -> {
            assertThat(seven).isEqualTo(7);
            context.step("money", Integer.class, refunds::incrementAndGet);
            undone.add(context.input() + " " + context.attempt() + " " + context.isCompensation());
            assertThat(context.idempotencyKey()).isEqualTo(context.execution().executionId() + "/charge/compensation");
            assertThat(context.nodeId()).isEqualTo("charge");
            if (tries.incrementAndGet() < 3) {
                fail("not yet");
            }
        });
        f.action("ship", charge, any -> fail("no ship"));
        f.compensate(CompensationPolicy.onFailure().retry(RetryPolicy.fixed(Duration.ZERO)));
        try (FlowEngine engine = engine(2)) {
            FlowExecution run = engine.executeFromTrigger(f.build(), t, "42");
            ExecutionResult result = watch.ended(run);

            assertThat(undone).containsExactly("42 1 true", "42 2 true", "42 3 true");
            assertThat(refunds).hasValue(1);
            assertThat(result.compensations())
                    .containsExactly(
                            new CompensationState("charge", CompensationStatus.COMPLETED, 3, Optional.empty()));
            assertThat(watch.events(run))
                    .filteredOn(CompensationFailed.class::isInstance)
                    .extracting(event -> ((CompensationFailed) event).repeated())
                    .containsExactly(true, true);
        }
    }

    @Test
    @DisplayName("S26 one that fails for good is recorded, the others go on, and the end says so")
    void one_that_fails() {
        NodeRef<String> flight = booking("flight", t);
        NodeRef<String> hotel = f.node("hotel", flight, any -> "h")
                .returns(String.class)
                .compensate((value, context) -> fail("the hotel does not answer"));
        NodeRef<String> car = booking("car", hotel);
        f.action("pay", car, any -> fail("no money"));
        f.compensate(CompensationPolicy.onFailure()
                .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(2)));
        try (FlowEngine engine = engine(2)) {
            FlowExecution run = engine.executeFromTrigger(f.build(), t, "me");
            ExecutionResult result = watch.ended(run);

            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(undone).containsExactly("car of h", "flight of me");
            CompensationState failed = result.snapshot().compensation("hotel").orElseThrow();
            assertThat(failed.status()).isEqualTo(CompensationStatus.FAILED);
            assertThat(failed.attempt()).isEqualTo(2);
            assertThat(failed.failure().orElseThrow().message()).isEqualTo("the hotel does not answer");
            assertThat(result.failure().orElseThrow())
                    .hasMessageContaining("no money")
                    .hasMessageContaining("of 3 compensations 1 failed or were cut short: hotel");
            assertThat(watch.events(run))
                    .filteredOn(CompensationFailed.class::isInstance)
                    .extracting(event -> ((CompensationFailed) event).repeated())
                    .containsExactly(true, false);
        }
    }

    @Test
    @DisplayName("S26 only what a body of this execution has done is undone")
    void what_is_not_undone() {
        NodeRef<String> pinned = booking("pinned", t);
        NodeRef<String> disabled = booking("disabled", t).disabledOutput("off");
        NodeRef<String> recovered = f.node("recovered", t, any -> fail("in vain"))
                .returns(String.class)
                .recover(error -> "instead")
                .compensate((value, context) -> undone.add(value));
        BranchRef<String> way = f.branch("way", t).when("left", any -> true).otherwise("right");
        NodeRef<String> skipped = booking("skipped", way.on("right"));
        NodeRef<String> done = booking("done", t);
        f.node("fails", t, any -> fail("at last"))
                .returns(String.class)
                .compensate((value, context) -> undone.add(value))
                .after(pinned, disabled, recovered, skipped, done);
        f.compensate(CompensationPolicy.always());
        try (FlowEngine engine = engine(2)) {
            RunOptions options = RunOptions.builder().pin(pinned, "given").build();
            ExecutionResult result = watch.ended(engine.executeFromTrigger(f.build(), t, "me", options));

            assertThat(undone).containsExactly("done of me");
            assertThat(result.compensations())
                    .extracting(CompensationState::nodeId)
                    .containsExactly("done");
        }
    }

    @Test
    @DisplayName("S26 a router is undone with everything it emitted")
    void a_router() {
        Port<String> left = Port.of("left", String.class);
        Port<String> right = Port.of("right", String.class);
        f.router("both", t, List.of(left, right), (value, emitter) -> {
                    emitter.emit(left, value + 1);
                    emitter.emit(right, value + 2);
                })
                .compensate((values, context) -> undone.add(values.toString()));
        f.action("fails", t, any -> fail("no")).after(booking("last", t));
        f.compensate(CompensationPolicy.onFailure());
        try (FlowEngine engine = engine(1)) {
            watch.ended(engine.executeFromTrigger(f.build(), t, "v"));
            assertThat(undone).contains("{left=v1, right=v2}");
        }
    }

    @ParameterizedTest
    @EnumSource(FailureMode.class)
    @DisplayName("S22 S23 after a failure in any failure mode, PARTIAL included, if the policy says so")
    void after_a_failure(FailureMode mode) {
        NodeRef<String> done = booking("done", t);
        NodeRef<String> other = booking("other", done);
        f.action("end", other, any -> {});
        f.action("fails", other, any -> fail("no"));
        f.failureMode(mode).compensate(CompensationPolicy.onFailure());
        try (FlowEngine engine = engine(2)) {
            ExecutionResult result = watch.ended(engine.executeFromTrigger(f.build(), t, "me"));

            assertThat(result.status())
                    .isEqualTo(mode == FailureMode.FAIL_FAST ? ExecutionStatus.FAILED : ExecutionStatus.PARTIAL);
            assertThat(undone).containsExactly("other of done of me", "done of me");
            assertThat(result.failure().orElseThrow().affectedNodes()).containsExactly("fails");
            assertThat(watch.statuses(engine.find(result.executionId()).orElseThrow()))
                    .containsExactly(ExecutionStatus.COMPENSATING);
        }
    }

    @Test
    @DisplayName("S23 S26 nothing is undone where nobody asked for it, nor where all went well")
    void not_asked_for() {
        assertThat(endAndUndone(CompensationPolicy.none(), "fail")).isEqualTo("FAILED []");
        assertThat(endAndUndone(CompensationPolicy.onCancel(), "fail")).isEqualTo("FAILED []");
        assertThat(endAndUndone(CompensationPolicy.always(), "well")).isEqualTo("COMPLETED []");
    }

    private String endAndUndone(CompensationPolicy policy, String data) {
        undone.clear();
        FlowBuilder flow = Flow.builder("asked").compensate(policy);
        TriggerRef<String> start = flow.trigger("t", String.class);
        NodeRef<String> done = flow.node("done", start, any -> any)
                .returns(String.class)
                .compensate((value, context) -> undone.add(value));
        flow.action("then", done, value -> {
            if (value.equals("fail")) {
                fail("no");
            }
        });
        try (FlowEngine engine = engine(1)) {
            ExecutionResult result = watch.ended(engine.executeFromTrigger(flow.build(), start, data));
            assertThat(result.compensations()).isEmpty();
            return result.status() + " " + undone;
        }
    }

    @Test
    @DisplayName(
            "S19 a compensation that throws an Error has failed; interceptors stand around it as around any attempt")
    void errors_and_interceptors() {
        booking("first", t);
        NodeRef<String> second = f.node("second", ref("first"), any -> "s")
                .returns(String.class)
                .compensate((value, context) -> {
                    throw new AssertionError("broken");
                });
        f.action("fails", second, any -> fail("no"));
        f.compensate(CompensationPolicy.onFailure());
        List<String> around = new CopyOnWriteArrayList<>();
        try (FlowEngine engine = Engines.builder(2)
                .listener(watch)
                .interceptor((context, invocation) -> {
                    Object made = invocation.proceed();
                    if (context.isCompensation()) {
                        around.add(context.nodeId());
                    }
                    return made;
                })
                .build()) {
            ExecutionResult result = watch.ended(engine.executeFromTrigger(f.build(), t, "me"));

            CompensationState broken = result.snapshot().compensation("second").orElseThrow();
            assertThat(broken.status()).isEqualTo(CompensationStatus.FAILED);
            assertThat(broken.failure().orElseThrow().type()).isEqualTo(AssertionError.class.getName());
            assertThat(broken.attempt()).as("an Error is not repeated").isEqualTo(1);
            assertThat(around).containsExactly("first");
            assertThat(undone).containsExactly("first of me");
        }
    }

    @Test
    @DisplayName("S29 a redrive does again what was undone, under new keys, and reuses what had nothing to undo")
    void redrive() {
        AtomicInteger tries = new AtomicInteger();
        NodeRef<String> looked = f.node("looked up", t, any -> "found").returns(String.class);
        NodeRef<String> done = booking("done", looked);
        f.action("then", done, any -> {
            if (tries.incrementAndGet() == 1) {
                fail("once");
            }
        });
        f.compensate(CompensationPolicy.onFailure());
        try (FlowEngine engine = engine(2)) {
            FlowExecution run = engine.executeFromTrigger(f.build(), t, "me");
            watch.ended(run);

            assertThat(engine.redrive(run.id()).plan().rerun()).containsExactly("done", "then");
            assertThat(engine.redrive(run.id()).plan().reused()).containsExactly("t", "looked up");
            assertThat(failureOf(() -> engine.redrive(run.id()).keepKeys().start()))
                    .hasMessageContaining("was undone: done");
            assertThat(watch.ended(engine.redrive(run.id()).start()).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(undone).containsExactly("done of found");
        }
    }

    @Test
    @DisplayName("S29 a redrive waits for a word about what could not be undone")
    void redrive_of_what_could_not_be_undone() {
        AtomicInteger tries = new AtomicInteger();
        NodeRef<String> done =
                f.node("done", t, any -> "d").returns(String.class).compensate((value, context) -> fail("stays"));
        f.action("then", done, any -> {
            if (tries.incrementAndGet() == 1) {
                fail("once");
            }
        });
        f.compensate(CompensationPolicy.onFailure().retry(RetryPolicy.none()));
        try (FlowEngine engine = engine(2)) {
            FlowExecution run = engine.executeFromTrigger(f.build(), t, "me");
            watch.ended(run);

            FlowException refused = failureOf(() -> engine.redrive(run.id()).start());
            assertThat(refused.kind()).isEqualTo(FailureKind.INVALID_FLOW_STATE);
            assertThat(refused.affectedNodes()).containsExactly("done");
            FlowExecution again = engine.redrive(run.id()).from("done").start();
            assertThat(watch.ended(again).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("S29 outputs of nodes that were undone are given to no other execution")
    void outputs_of_what_was_undone() {
        NodeRef<String> done = booking("done", t);
        NodeRef<Void> then = f.action("then", done, any -> fail("no"));
        f.compensate(CompensationPolicy.onFailure());
        Flow flow = f.build();
        try (FlowEngine engine = engine(1)) {
            FlowExecution run = engine.executeFromTrigger(flow, t, "me");
            watch.ended(run);

            RunOptions options = RunOptions.builder().outputsFrom(run.id()).build();
            FlowException refused = failureOf(() -> engine.executeFromNode(flow, then, PortValues.none(), options));
            assertThat(refused.kind()).isEqualTo(FailureKind.MISSING_DEPENDENCY);
        }
    }

    private static FlowException failureOf(Runnable call) {
        try {
            call.run();
        } catch (FlowException refused) {
            return refused;
        }
        throw new AssertionError("was not refused");
    }

    /** A node that can be undone. */
    private NodeRef<String> booking(String id, Output<String> input) {
        NodeRef<String> ref = f.node(id, input, value -> id + " of " + value)
                .returns(String.class)
                .compensate((value, context) -> undone.add(value));
        refs.add(ref);
        return ref;
    }

    private FlowEngine engine(int threads) {
        return Engines.builder(threads).listener(watch).build();
    }

    private static String fail(String message) {
        throw new IllegalStateException(message);
    }
}
