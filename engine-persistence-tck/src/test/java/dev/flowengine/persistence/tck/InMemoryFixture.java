package dev.flowengine.persistence.tck;

import dev.flowengine.persistence.ExecutionStore;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A store in memory, as it is or wrapped. */
final class InMemoryFixture implements StoreFixture {
    private final InMemoryExecutionStore memory = new InMemoryExecutionStore();
    private final ExecutionStore store;

    InMemoryFixture() {
        this(store -> store);
    }

    InMemoryFixture(UnaryOperator<ExecutionStore> wrapping) {
        this.store = wrapping.apply(memory);
    }

    @Override
    public ExecutionStore store() {
        return store;
    }

    @Override
    public void advance(Duration by) {
        memory.advance(by);
    }
}
