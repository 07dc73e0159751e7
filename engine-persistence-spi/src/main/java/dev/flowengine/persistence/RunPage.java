package dev.flowengine.persistence;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A page of runs, the newest first.
 *
 * @param runs at most as many as asked for
 * @param next behind which place the next page begins; empty if there was no further run when this page was made
 */
public record RunPage(List<RunRecord> runs, Optional<RunQuery.Position> next) {

    /** Copies the list and refuses null. */
    public RunPage {
        runs = List.copyOf(runs);
        Objects.requireNonNull(next, "next");
    }
}
