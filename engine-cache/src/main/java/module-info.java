/** A cache for results of nodes. */
module dev.flowengine.cache {
    requires transitive dev.flowengine.core;
    requires com.github.benmanes.caffeine;
    requires static transitive org.jspecify;

    exports dev.flowengine.cache;

    provides dev.flowengine.extension.ResultCache with
            dev.flowengine.cache.CaffeineResultCache;
}
