package dev.flowengine.oracle;

/** What comes of a node that runs, asked once for each. */
interface NodeRules {
    /** Every node is what its case says. */
    NodeRules BODIES = new NodeRules() {};

    /** The start, which gets what the run was given. */
    default NodeOutcome ofStart(CaseScope scope, CaseNode node) {
        return NodeRun.ofStart(scope, node);
    }

    /** A node with what its connections bring. */
    default NodeOutcome of(GraphCase graph, CaseNode node, Delivery delivery) {
        return NodeRun.of(graph, node, delivery);
    }
}
