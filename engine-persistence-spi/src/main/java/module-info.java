/** The vocabulary the engine shares with its stores, and the contract a store fulfils. */
module dev.flowengine.persistence.spi {
    requires static transitive org.jspecify;

    exports dev.flowengine.model;
    exports dev.flowengine.persistence;
}
