package dev.flowengine.examples;

import java.io.StringWriter;
import java.util.concurrent.TimeUnit;

/** What the program writes, for somebody who waits for a text to appear. */
final class Screen extends StringWriter {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    @Override
    public void write(String text, int offset, int length) {
        synchronized (getBuffer()) {
            super.write(text, offset, length);
            getBuffer().notifyAll();
        }
    }

    @Override
    public void write(int character) {
        synchronized (getBuffer()) {
            super.write(character);
            getBuffer().notifyAll();
        }
    }

    /** Waits until a text has appeared. */
    void await(String text) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        synchronized (getBuffer()) {
            while (getBuffer().indexOf(text) < 0) {
                long millisLeft = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (millisLeft <= 0) {
                    throw new AssertionError("'" + text + "' did not appear; the screen shows:\n" + getBuffer());
                }
                getBuffer().wait(millisLeft);
            }
        }
    }
}
