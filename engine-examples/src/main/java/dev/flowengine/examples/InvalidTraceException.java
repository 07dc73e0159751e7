package dev.flowengine.examples;

import java.io.Serial;
import java.nio.file.Path;

/** A trace that cannot be replayed; the message is one line naming file, place, what was found and what to do. */
final class InvalidTraceException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Describes the problem.
     *
     * @param file the trace
     * @param place JSON pointer or line of the problem; empty if it is the file as a whole
     * @param found what is wrong there
     * @param remedy what to do
     */
    InvalidTraceException(Path file, String place, String found, String remedy) {
        super(OneLine.of(file + ": " + (place.isEmpty() ? "" : place + ": ") + found + "; " + remedy));
    }
}
