package dev.flowengine.flow;

import dev.flowengine.graph.Problem;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.io.Serial;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A definition that cannot be built, with everything that is wrong with it. */
public final class InvalidFlowException extends FlowException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidFlowException(String flowId, List<Problem> errors) {
        super(describe(flowId, errors));
        this.problems = List.copyOf(errors);
    }

    /**
     * What is wrong.
     *
     * @return the errors in the order validation reports them; empty on a deserialised copy, whose message still
     *     holds them all
     */
    @SuppressWarnings("RedundantNullCheck") // transient: null after deserialisation
    public List<Problem> problems() {
        return problems == null ? List.of() : problems;
    }

    private static Builder describe(String flowId, List<Problem> errors) {
        String lines = errors.stream()
                .map(problem -> System.lineSeparator() + "  " + problem.code() + ": " + problem.message())
                .collect(Collectors.joining());
        String count = errors.size() == 1 ? "1 error" : errors.size() + " errors";
        boolean cyclesOnly = errors.stream().allMatch(problem -> problem.code() == Problem.Code.CYCLE);
        return FlowException.of(
                        cyclesOnly ? FailureKind.CIRCULAR_DEPENDENCY : FailureKind.INVALID_DEFINITION,
                        "flow '" + flowId + "' has " + count + ":" + lines)
                .affectedNodes(errors.stream()
                        .flatMap(problem -> problem.nodes().stream())
                        .distinct()
                        .toList())
                .dependencyChain(cyclesOnly ? errors.get(0).nodes() : List.of())
                .suggestedResolution(sentence(
                        errors.stream().map(Problem::suggestedResolution).distinct()));
    }

    private static String sentence(Stream<String> resolutions) {
        String all = resolutions.collect(Collectors.joining("; "));
        return all.substring(0, 1).toUpperCase(Locale.ROOT) + all.substring(1) + ".";
    }
}
