package dev.flowengine.graph;

/** How bad a finding about a definition is. */
public enum Severity {
    /** What it concerns cannot run. */
    ERROR,
    /** It can run; look at it all the same. */
    WARNING
}
