package dev.flowengine.persistence.tck;

import org.junit.jupiter.api.DisplayName;

@DisplayName("a store that is told to fail nowhere, around one that does as it should")
class FaultyContractTest extends ExecutionStoreContract {

    @Override
    protected StoreFixture open() {
        return new InMemoryFixture(FaultyExecutionStore::of);
    }
}
