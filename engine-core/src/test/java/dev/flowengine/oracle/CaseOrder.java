package dev.flowengine.oracle;

/** An order-only dependency: {@code to} is declared {@code after} {@code from}. */
public record CaseOrder(String from, String to) {
    @Override
    public String toString() {
        return from + " ~> " + to;
    }
}
