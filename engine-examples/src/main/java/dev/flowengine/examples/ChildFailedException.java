package dev.flowengine.examples;

import java.io.Serial;

/** A process that did not do what it was started for; the message is one line. */
final class ChildFailedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    ChildFailedException(String message) {
        super(OneLine.of(message));
    }
}
