package dev.flowengine.examples;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.Queue;

/** Types when it has seen something on the screen; after the last line the input ends. */
final class Typist extends Reader {
    private final Screen screen;
    private final Queue<Step> steps = new ArrayDeque<>();
    private String typed = "";

    Typist(Screen screen) {
        this.screen = screen;
    }

    /** Once the text has appeared, the line is typed. */
    Typist once(String seen, String line) {
        steps.add(new Step(seen, line + "\n"));
        return this;
    }

    /** The input does not end before the text has appeared. */
    Typist stayUntil(String seen) {
        steps.add(new Step(seen, ""));
        return this;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        while (typed.isEmpty()) {
            Step step = steps.poll();
            if (step == null) {
                return -1;
            }
            await(step.seen());
            typed = step.line();
        }
        int count = Math.min(length, typed.length());
        typed.getChars(0, count, buffer, offset);
        typed = typed.substring(count);
        return count;
    }

    private void await(String text) throws IOException {
        try {
            screen.await(text);
        } catch (InterruptedException interrupted) {
            throw new InterruptedIOException();
        }
    }

    @Override
    public void close() {}

    private record Step(String seen, String line) {}
}
