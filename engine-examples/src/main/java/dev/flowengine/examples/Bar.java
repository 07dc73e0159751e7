package dev.flowengine.examples;

/** A bar on the last line of a terminal, which grows in place. Without a terminal there is none. */
final class Bar {
    static final int STEPS = 40;

    private final Console console;

    Bar(Console console) {
        this.console = console;
    }

    /** How many steps long the bar is for a part of a whole. */
    static int steps(int done, int total) {
        return (int) ((long) STEPS * done / total);
    }

    void show(int done, int total) {
        int filled = steps(done, total);
        console.overwrite(console.green("#".repeat(filled)) + ".".repeat(STEPS - filled) + " " + done + "/" + total);
    }

    void clear() {
        console.overwrite("");
    }
}
