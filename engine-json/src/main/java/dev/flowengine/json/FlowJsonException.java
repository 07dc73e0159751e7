package dev.flowengine.json;

import dev.flowengine.extension.DataProblem;
import dev.flowengine.model.FlowException;
import java.io.Serial;
import java.util.List;

/** A document that is no flow, or a flow that is no document, with everything that is wrong with it. */
public final class FlowJsonException extends FlowException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<DataProblem> problems;
    private final int more;

    FlowJsonException(Builder description, List<DataProblem> problems, int more) {
        super(description);
        this.problems = List.copyOf(problems);
        this.more = more;
    }

    /**
     * What is wrong, and where in the document.
     *
     * @return the first problems that were found; empty on a deserialised copy, whose message still holds them
     */
    @SuppressWarnings("RedundantNullCheck") // transient: null after deserialisation
    public List<DataProblem> problems() {
        return problems == null ? List.of() : problems;
    }

    /**
     * How many problems there are beside those that are listed.
     *
     * @return 0 if all are listed
     */
    public int moreProblems() {
        return more;
    }
}
