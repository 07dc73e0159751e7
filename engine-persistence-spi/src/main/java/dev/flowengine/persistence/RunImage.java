package dev.flowengine.persistence;

import java.util.List;
import java.util.Objects;

/**
 * Everything it takes to go on with a run, as of one moment.
 *
 * @param run the run
 * @param input what it was started with
 * @param nodes every row of its nodes, in no particular order
 * @param steps every recorded step, in no particular order
 * @param messages the messages nobody has acted on yet, in the order they were posted; none once the run has ended
 */
public record RunImage(
        RunRecord run, RunInput input, List<NodeRecord> nodes, List<StepRecord> steps, List<MessageRecord> messages) {

    /** Copies the lists and refuses null. */
    public RunImage {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(input, "input");
        nodes = List.copyOf(nodes);
        steps = List.copyOf(steps);
        messages = List.copyOf(messages);
    }
}
