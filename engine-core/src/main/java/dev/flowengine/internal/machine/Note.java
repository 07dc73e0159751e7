package dev.flowengine.internal.machine;

import dev.flowengine.model.CompensationStatus;
import dev.flowengine.model.Intervention;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something to be told in order with the changes of status, but no change itself: rare, and so an object. */
sealed interface Note {

    /** Tells it to whoever is told of the changes. */
    void tell(Effects.ChangeObserver observer);

    /** A node has used up most of a timeout. */
    record Near(int node, Duration limit) implements Note {

        @Override
        public void tell(Effects.ChangeObserver observer) {
            observer.near(node, limit);
        }
    }

    /** The body of a node has told something about itself. */
    record Reported(int node) implements Note {

        @Override
        public void tell(Effects.ChangeObserver observer) {
            observer.reported(node);
        }
    }

    /** Nothing has happened for a long time. */
    record Stuck(List<String> openNodes) implements Note {

        @Override
        public void tell(Effects.ChangeObserver observer) {
            observer.stuck(openNodes);
        }
    }

    /** Somebody has intervened in a node; what comes of it is told next. */
    record Intervened(int node, Intervention action, String reason) implements Note {

        @Override
        public void tell(Effects.ChangeObserver observer) {
            observer.intervened(node, action, reason);
        }
    }

    /** Something has become of an attempt to undo what a node has done. */
    record Compensation(
            int node,
            CompensationStatus status,
            int attempt,
            @Nullable NodeFailure failure) implements Note {

        @Override
        public void tell(Effects.ChangeObserver observer) {
            observer.compensation(node, status, attempt, failure);
        }
    }
}
