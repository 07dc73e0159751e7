package dev.flowengine.persistence.tck;

class InMemoryExecutionStoreContractTest extends ExecutionStoreContract {

    @Override
    protected StoreFixture open() {
        return new InMemoryFixture();
    }
}
