package dev.flowengine.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What is said about a flow as a whole.
 *
 * @param version which edition it is
 * @param failureMode what an unhandled failure means to the rest of an execution
 * @param timeouts how long its nodes and executions may take
 * @param retry when a failed attempt of a node without a policy of its own is repeated
 * @param compensation when its completed nodes are compensated
 * @param redrive when an execution that failed is redriven
 * @param releaseOutputs whether outputs are let go of when nobody waits for them any more
 * @param subflows flows that its nodes start
 */
record FlowSettings(
        String version,
        FailureMode failureMode,
        Timeouts timeouts,
        RetryPolicy retry,
        CompensationPolicy compensation,
        RedrivePolicy redrive,
        boolean releaseOutputs,
        List<Flow> subflows) {

    static final FlowSettings DEFAULT = new FlowSettings(
            "1",
            FailureMode.ISOLATE_BRANCH,
            Timeouts.none(),
            RetryPolicy.none(),
            CompensationPolicy.none(),
            RedrivePolicy.none(),
            false,
            List.of());

    FlowSettings {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(failureMode, "failureMode");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(retry, "retry");
        Objects.requireNonNull(compensation, "compensation");
        Objects.requireNonNull(redrive, "redrive");
        subflows = List.copyOf(subflows);
    }

    FlowSettings withVersion(String value) {
        return new FlowSettings(value, failureMode, timeouts, retry, compensation, redrive, releaseOutputs, subflows);
    }

    FlowSettings withFailureMode(FailureMode value) {
        return new FlowSettings(version, value, timeouts, retry, compensation, redrive, releaseOutputs, subflows);
    }

    FlowSettings withTimeouts(Timeouts value) {
        return new FlowSettings(version, failureMode, value, retry, compensation, redrive, releaseOutputs, subflows);
    }

    FlowSettings withRetry(RetryPolicy value) {
        return new FlowSettings(version, failureMode, timeouts, value, compensation, redrive, releaseOutputs, subflows);
    }

    FlowSettings withRedrive(RedrivePolicy value) {
        return new FlowSettings(version, failureMode, timeouts, retry, compensation, value, releaseOutputs, subflows);
    }

    FlowSettings withCompensation(CompensationPolicy value) {
        return new FlowSettings(version, failureMode, timeouts, retry, value, redrive, releaseOutputs, subflows);
    }

    FlowSettings withReleaseOutputs() {
        return new FlowSettings(version, failureMode, timeouts, retry, compensation, redrive, true, subflows);
    }

    FlowSettings withSubflow(Flow flow) {
        List<Flow> all = new ArrayList<>(subflows);
        all.add(flow);
        return new FlowSettings(version, failureMode, timeouts, retry, compensation, redrive, releaseOutputs, all);
    }
}
