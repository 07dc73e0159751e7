package dev.flowengine.control;

import dev.flowengine.execution.FlowExecution;
import java.util.List;

/** Something that somebody asks of an execution at some moment. */
enum Injection {
    PAUSE {
        @Override
        void into(FlowExecution run) {
            run.pause();
        }
    },
    RESUME {
        @Override
        void into(FlowExecution run) {
            run.resume();
        }
    },
    PAUSE_RESUME {
        @Override
        void into(FlowExecution run) {
            run.pause();
            run.resume();
        }
    },
    CANCEL {
        @Override
        void into(FlowExecution run) {
            run.cancel("injected");
        }
    },
    PAUSE_CANCEL {
        @Override
        void into(FlowExecution run) {
            run.pause();
            run.cancel("injected");
        }
    },
    CANCEL_RESUME {
        @Override
        void into(FlowExecution run) {
            run.cancel("injected");
            run.resume();
        }
    };

    abstract void into(FlowExecution run);

    /** Whether the execution must end cancelled if this comes before its end. */
    boolean cancels() {
        return List.of(CANCEL, PAUSE_CANCEL, CANCEL_RESUME).contains(this);
    }
}
