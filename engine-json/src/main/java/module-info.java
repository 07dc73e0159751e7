/** Flows as JSON, the node types they are made of, and a payload codec. */
module dev.flowengine.json {
    requires transitive dev.flowengine.core;
    requires static transitive org.jspecify;
    requires tools.jackson.core;
    requires transitive tools.jackson.databind;

    exports dev.flowengine.json;

    provides dev.flowengine.extension.NodeType with
            dev.flowengine.json.type.CollectNode,
            dev.flowengine.json.type.IfNode,
            dev.flowengine.json.type.LoopNode,
            dev.flowengine.json.type.MapNode,
            dev.flowengine.json.type.MergeNode,
            dev.flowengine.json.type.SetNode,
            dev.flowengine.json.type.SignalNode,
            dev.flowengine.json.type.StopNode,
            dev.flowengine.json.type.SubflowNode,
            dev.flowengine.json.type.SwitchNode,
            dev.flowengine.json.type.TriggerNode,
            dev.flowengine.json.type.WaitNode;
    provides dev.flowengine.extension.PayloadCodec with
            dev.flowengine.json.JsonPayloadCodec;
}
