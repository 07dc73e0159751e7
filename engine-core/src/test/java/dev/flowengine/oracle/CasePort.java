package dev.flowengine.oracle;

/** An input port: required or optional, single-valued or collecting. */
public record CasePort(String name, boolean required, boolean collecting) {
    @Override
    public String toString() {
        return name + (required ? "" : "?") + (collecting ? "[]" : "");
    }
}
