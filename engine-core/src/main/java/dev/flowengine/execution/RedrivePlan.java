package dev.flowengine.execution;

import java.util.List;
import java.util.Objects;

/**
 * What a redrive would do.
 *
 * @param executionId the execution that is redriven
 * @param rerun the nodes that are decided and run anew, in declaration order
 * @param reused the completed nodes whose outputs are taken over, in declaration order
 */
public record RedrivePlan(String executionId, List<String> rerun, List<String> reused) {

    /** Copies the lists and refuses null. */
    public RedrivePlan {
        Objects.requireNonNull(executionId, "executionId");
        rerun = List.copyOf(rerun);
        reused = List.copyOf(reused);
    }
}
