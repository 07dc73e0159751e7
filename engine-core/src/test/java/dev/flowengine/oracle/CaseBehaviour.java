package dev.flowengine.oracle;

import java.util.List;

/**
 * What a body does whatever its inputs are: so many first attempts throw, and one after them fires exactly these output
 * ports. What is thrown is an exception, or an error, after which no attempt is repeated.
 */
public record CaseBehaviour(int failures, boolean throwsError, List<String> fires) {
    private static final int ALWAYS = Integer.MAX_VALUE;

    /** The behaviour of a body that always throws. */
    public static final CaseBehaviour FAIL = fire(List.of()).failing();

    /** Copies the list. */
    public CaseBehaviour {
        fires = List.copyOf(fires);
    }

    /** The behaviour of a body that fires these ports. */
    public static CaseBehaviour fire(List<String> ports) {
        return new CaseBehaviour(0, false, ports);
    }

    /** The same, but every attempt throws. */
    public CaseBehaviour failing() {
        return failingFirst(ALWAYS);
    }

    /** The same, but so many first attempts throw. */
    public CaseBehaviour failingFirst(int attempts) {
        return new CaseBehaviour(attempts, throwsError, fires);
    }

    /** The same, but what is thrown is an error. */
    public CaseBehaviour throwingErrors() {
        return new CaseBehaviour(failures, true, fires);
    }

    /** Whether the first attempt throws. */
    public boolean fails() {
        return failures > 0;
    }

    /** Whether every attempt throws. */
    public boolean alwaysFails() {
        return failures == ALWAYS;
    }

    @Override
    public String toString() {
        if (!fails()) {
            return "fires " + fires;
        }
        return "FAILS " + (throwsError ? "with an error " : "")
                + (alwaysFails() ? "always" : failures + " times, then fires " + fires);
    }
}
