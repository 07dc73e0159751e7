package dev.flowengine.oracle;

/** S5: a required input port of an in-scope node that no connection leads to in this run. */
public record UnfedPort(String node, String port) {}
