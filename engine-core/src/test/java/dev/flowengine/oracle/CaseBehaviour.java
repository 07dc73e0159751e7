package dev.flowengine.oracle;

import java.util.List;

/** What a body does whatever its inputs are: it throws, or it fires exactly these output ports. */
public record CaseBehaviour(boolean fails, List<String> fires) {
    /** The behaviour of a body that throws. */
    public static final CaseBehaviour FAIL = new CaseBehaviour(true, List.of());

    /** Copies the list. */
    public CaseBehaviour {
        fires = List.copyOf(fires);
    }

    /** The behaviour of a body that fires these ports. */
    public static CaseBehaviour fire(List<String> ports) {
        return new CaseBehaviour(false, ports);
    }

    @Override
    public String toString() {
        return fails ? "FAIL" : "fires " + fires;
    }
}
