/** Large payloads as files. */
module dev.flowengine.blob {
    requires transitive dev.flowengine.persistence.spi;
    requires static transitive org.jspecify;

    exports dev.flowengine.blob;
}
