package dev.flowengine.internal.attempt;

import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.MapAnswer;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.machine.Suspension;
import dev.flowengine.node.LoopItem;
import dev.flowengine.node.PortValues;

/** What came out of an attempt, and how the machine is told. */
enum Outcome {
    /** Nothing: the attempt was not to start. */
    WITHDRAWN {
        @Override
        boolean tell(ExecutionMachine machine, Attempt attempt) {
            machine.withdrawn(attempt.node(), attempt.ticket());
            return true;
        }
    },
    /** No thread could be had. */
    REFUSED {
        @Override
        boolean tell(ExecutionMachine machine, Attempt attempt) {
            if (attempt.result() instanceof NodeFailure failure) {
                machine.refused(attempt.node(), attempt.ticket(), failure);
            }
            return true;
        }
    },
    /** A value. */
    VALUE {
        @Override
        boolean tell(ExecutionMachine machine, Attempt attempt) {
            return machine.completed(attempt.node(), attempt.ticket(), attempt.result());
        }
    },
    /** Values for ports. */
    EMITTED {
        @Override
        boolean tell(ExecutionMachine machine, Attempt attempt) {
            return attempt.result() instanceof PortValues values
                    && machine.emitted(attempt.node(), attempt.ticket(), values);
        }
    },
    /** What the node waits for. */
    SUSPENDED {
        @Override
        boolean tell(ExecutionMachine machine, Attempt attempt) {
            return attempt.result() instanceof Suspension suspension
                    && machine.waits().suspended(attempt.node(), attempt.ticket(), suspension);
        }
    },
    /** What a loop does next. */
    ITERATED {
        @Override
        boolean tell(ExecutionMachine machine, Attempt attempt) {
            return attempt.result() instanceof LoopItem item && machine.looped(attempt.node(), attempt.ticket(), item);
        }
    },
    /** What a map does next. */
    MAPPED {
        @Override
        boolean tell(ExecutionMachine machine, Attempt attempt) {
            return attempt.result() instanceof MapAnswer answer
                    && machine.mapped(attempt.node(), attempt.ticket(), answer);
        }
    },
    /** A failure. */
    FAILED {
        @Override
        boolean tell(ExecutionMachine machine, Attempt attempt) {
            return attempt.result() instanceof FailedBody failed
                    && machine.failed(attempt.node(), attempt.ticket(), failed.failure(), failed.retryIn());
        }
    };

    /** Tells the machine; false if it was too late, so that what a body has made is lost. */
    abstract boolean tell(ExecutionMachine machine, Attempt attempt);
}
