package dev.flowengine.oracle;

/** A data connection from an output port to an input port. */
public record CaseConnection(String from, String fromPort, String to, String toPort) {
    @Override
    public String toString() {
        return from + "." + fromPort + " -> " + to + "." + toPort;
    }
}
