package dev.flowengine.execution;

import dev.flowengine.plan.Rerun;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a redrive would do.
 *
 * @param executionId the execution that is redriven
 * @param rerun the nodes that are decided and run anew, in declaration order
 * @param reused the completed nodes whose outputs are taken over, in declaration order
 * @param reasons why each of the former runs anew, in the same order
 */
public record RedrivePlan(String executionId, List<String> rerun, List<String> reused, List<Rerun> reasons) {

    /** Copies the lists and refuses null. */
    public RedrivePlan {
        Objects.requireNonNull(executionId, "executionId");
        rerun = List.copyOf(rerun);
        reused = List.copyOf(reused);
        reasons = List.copyOf(reasons);
    }

    /**
     * The plan as text for a person.
     *
     * @return a line for what is taken over, and one for each node that runs again, with the reason
     */
    public String describe() {
        Stream<String> taken = reused.isEmpty()
                ? Stream.empty()
                : Stream.of("taken over from " + executionId + ": " + String.join(", ", reused));
        return Stream.concat(taken, reasons.stream().map(Rerun::describe))
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
