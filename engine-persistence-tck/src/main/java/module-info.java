/** The contract of a store as tests, a store in memory, and a store that fails on demand. */
module dev.flowengine.persistence.tck {
    requires transitive dev.flowengine.persistence.spi;
    requires static transitive org.jspecify;
    requires org.assertj.core;
    requires org.junit.jupiter.api;
    requires org.junit.jupiter.params;

    exports dev.flowengine.persistence.tck;

    // JUnit makes the nested classes of the contract, which only it needs to see.
    opens dev.flowengine.persistence.tck to
            org.junit.platform.commons;
}
