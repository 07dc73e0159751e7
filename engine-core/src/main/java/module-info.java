/** Definition, planning, execution and events of flows. */
module dev.flowengine.core {
    requires transitive dev.flowengine.persistence.spi;
    requires org.jgrapht.core;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.flowengine;
    exports dev.flowengine.event;
    exports dev.flowengine.execution;
    exports dev.flowengine.extension;
    exports dev.flowengine.flow;
    exports dev.flowengine.graph;
    exports dev.flowengine.node;
    exports dev.flowengine.plan;

    uses dev.flowengine.extension.NodeType;
    uses dev.flowengine.extension.PayloadCodec;
    uses dev.flowengine.extension.ResultCache;
}
