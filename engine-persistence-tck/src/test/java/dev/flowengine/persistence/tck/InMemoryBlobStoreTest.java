package dev.flowengine.persistence.tck;

import dev.flowengine.persistence.BlobStore;
import java.time.Duration;

class InMemoryBlobStoreTest extends BlobStoreContract {

    @Override
    protected BlobFixture open() {
        InMemoryBlobStore store = new InMemoryBlobStore();
        return new BlobFixture() {
            @Override
            public BlobStore store() {
                return store;
            }

            @Override
            public void advance(Duration by) {
                store.advance(by);
            }
        };
    }
}
