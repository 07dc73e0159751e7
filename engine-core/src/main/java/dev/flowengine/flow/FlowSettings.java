package dev.flowengine.flow;

import java.util.Objects;

/**
 * What is said about a flow as a whole.
 *
 * @param version which edition it is
 * @param failureMode what an unhandled failure means to the rest of an execution
 * @param timeouts how long its nodes and executions may take
 * @param retry when a failed attempt of a node without a policy of its own is repeated
 * @param redrive when an execution that failed is redriven
 * @param releaseOutputs whether outputs are let go of when nobody waits for them any more
 */
record FlowSettings(
        String version,
        FailureMode failureMode,
        Timeouts timeouts,
        RetryPolicy retry,
        RedrivePolicy redrive,
        boolean releaseOutputs) {

    static final FlowSettings DEFAULT = new FlowSettings(
            "1", FailureMode.ISOLATE_BRANCH, Timeouts.none(), RetryPolicy.none(), RedrivePolicy.none(), false);

    FlowSettings {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(failureMode, "failureMode");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(retry, "retry");
        Objects.requireNonNull(redrive, "redrive");
    }

    FlowSettings withVersion(String value) {
        return new FlowSettings(value, failureMode, timeouts, retry, redrive, releaseOutputs);
    }

    FlowSettings withFailureMode(FailureMode value) {
        return new FlowSettings(version, value, timeouts, retry, redrive, releaseOutputs);
    }

    FlowSettings withTimeouts(Timeouts value) {
        return new FlowSettings(version, failureMode, value, retry, redrive, releaseOutputs);
    }

    FlowSettings withRetry(RetryPolicy value) {
        return new FlowSettings(version, failureMode, timeouts, value, redrive, releaseOutputs);
    }

    FlowSettings withRedrive(RedrivePolicy value) {
        return new FlowSettings(version, failureMode, timeouts, retry, value, releaseOutputs);
    }

    FlowSettings withReleaseOutputs() {
        return new FlowSettings(version, failureMode, timeouts, retry, redrive, true);
    }
}
