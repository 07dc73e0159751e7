package dev.flowengine.internal.kernel;

import dev.flowengine.internal.machine.ExecutionMachine;
import dev.flowengine.internal.machine.Signal;
import java.util.function.Consumer;

/** A signal that calls one method of the machine. */
final class Told extends Signal {
    private final Consumer<ExecutionMachine> call;

    Told(Consumer<ExecutionMachine> call) {
        this.call = call;
    }

    @Override
    public void applyTo(ExecutionMachine machine) {
        call.accept(machine);
    }
}
