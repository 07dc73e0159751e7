/** The node type {@code http}. */
module dev.flowengine.http {
    requires transitive dev.flowengine.core;
    requires dev.flowengine.json;
    requires transitive java.net.http;
    requires static transitive org.jspecify;

    exports dev.flowengine.http;

    provides dev.flowengine.extension.NodeType with
            dev.flowengine.http.HttpNode;
}
