package dev.flowengine.flow;

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
 */
record FlowSettings(
        String version,
        FailureMode failureMode,
        Timeouts timeouts,
        RetryPolicy retry,
        CompensationPolicy compensation,
        RedrivePolicy redrive,
        boolean releaseOutputs) {

    static final FlowSettings DEFAULT = new FlowSettings(
            "1",
            FailureMode.ISOLATE_BRANCH,
            Timeouts.none(),
            RetryPolicy.none(),
            CompensationPolicy.none(),
            RedrivePolicy.none(),
            false);

    FlowSettings {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(failureMode, "failureMode");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(retry, "retry");
        Objects.requireNonNull(compensation, "compensation");
        Objects.requireNonNull(redrive, "redrive");
    }

    FlowSettings withVersion(String value) {
        return new FlowSettings(value, failureMode, timeouts, retry, compensation, redrive, releaseOutputs);
    }

    FlowSettings withFailureMode(FailureMode value) {
        return new FlowSettings(version, value, timeouts, retry, compensation, redrive, releaseOutputs);
    }

    FlowSettings withTimeouts(Timeouts value) {
        return new FlowSettings(version, failureMode, value, retry, compensation, redrive, releaseOutputs);
    }

    FlowSettings withRetry(RetryPolicy value) {
        return new FlowSettings(version, failureMode, timeouts, value, compensation, redrive, releaseOutputs);
    }

    FlowSettings withRedrive(RedrivePolicy value) {
        return new FlowSettings(version, failureMode, timeouts, retry, compensation, value, releaseOutputs);
    }

    FlowSettings withCompensation(CompensationPolicy value) {
        return new FlowSettings(version, failureMode, timeouts, retry, value, redrive, releaseOutputs);
    }

    FlowSettings withReleaseOutputs() {
        return new FlowSettings(version, failureMode, timeouts, retry, compensation, redrive, true);
    }
}
