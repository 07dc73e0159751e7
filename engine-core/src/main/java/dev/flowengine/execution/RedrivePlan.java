package dev.flowengine.execution;

import dev.flowengine.plan.Rerun;
import dev.flowengine.plan.RerunItems;
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
 * @param items of those of the former that are maps whose items had begun, what becomes of these, in the same order
 */
public record RedrivePlan(
        String executionId, List<String> rerun, List<String> reused, List<Rerun> reasons, List<RerunItems> items) {

    /** Copies the lists and refuses null. */
    public RedrivePlan {
        Objects.requireNonNull(executionId, "executionId");
        rerun = List.copyOf(rerun);
        reused = List.copyOf(reused);
        reasons = List.copyOf(reasons);
        items = List.copyOf(items);
    }

    /**
     * The plan as text for a person.
     *
     * @return a line for what is taken over, one for each node that runs again, with the reason, and one for the items of a map
     */
    public String describe() {
        Stream<String> taken = reused.isEmpty()
                ? Stream.empty()
                : Stream.of("taken over from " + executionId + ": " + String.join(", ", reused));
        Stream<String> again = reasons.stream()
                .flatMap(rerun -> Stream.concat(
                        Stream.of(rerun.describe()),
                        items.stream()
                                .filter(each -> each.nodeId().equals(rerun.nodeId()))
                                .map(RerunItems::describe)));
        return Stream.concat(taken, again).collect(Collectors.joining(System.lineSeparator()));
    }
}
