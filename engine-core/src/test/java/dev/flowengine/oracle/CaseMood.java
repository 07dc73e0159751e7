package dev.flowengine.oracle;

/** How often each construct occurs in one case; cases differ, so that no construct drowns the others. */
record CaseMood(
        double fail,
        double disabled,
        double pin,
        double otherJoin,
        double optional,
        double order,
        double retry,
        double handle) {

    static CaseMood of(CaseDice dice) {
        return new CaseMood(
                dice.oneOf(0, 0.15, 0.3, 0.5),
                dice.oneOf(0, 0, 0.1, 0.25),
                dice.oneOf(0, 0, 0.1, 0.25),
                dice.oneOf(0, 0.3, 0.6, 1),
                dice.oneOf(0, 0.2, 0.5),
                dice.oneOf(0, 0.1, 0.3),
                dice.oneOf(0, 0.3, 0.7),
                dice.oneOf(0, 0, 0.4, 0.8));
    }
}
