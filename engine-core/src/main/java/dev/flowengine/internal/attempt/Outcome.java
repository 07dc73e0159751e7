package dev.flowengine.internal.attempt;

import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.node.PortValues;

/** What came out of an attempt, and how the machine is told. */
enum Outcome {
    /** Nothing: the attempt was not to start. */
    WITHDRAWN {
        @Override
        void tell(ExecutionMachine machine, Attempt attempt) {
            machine.withdrawn(attempt.node(), attempt.ticket());
        }
    },
    /** No thread could be had. */
    REFUSED {
        @Override
        void tell(ExecutionMachine machine, Attempt attempt) {
            if (attempt.result() instanceof NodeFailure failure) {
                machine.refused(attempt.node(), attempt.ticket(), failure);
            }
        }
    },
    /** A value. */
    VALUE {
        @Override
        void tell(ExecutionMachine machine, Attempt attempt) {
            machine.completed(attempt.node(), attempt.ticket(), attempt.result());
        }
    },
    /** Values for ports. */
    EMITTED {
        @Override
        void tell(ExecutionMachine machine, Attempt attempt) {
            if (attempt.result() instanceof PortValues values) {
                machine.emitted(attempt.node(), attempt.ticket(), values);
            }
        }
    },
    /** A failure. */
    FAILED {
        @Override
        void tell(ExecutionMachine machine, Attempt attempt) {
            if (attempt.result() instanceof NodeFailure failure) {
                machine.failed(attempt.node(), attempt.ticket(), failure, attempt.retryIn());
            }
        }
    };

    abstract void tell(ExecutionMachine machine, Attempt attempt);
}
