package dev.flowengine.jdbc;

import dev.flowengine.model.FlowError;
import dev.flowengine.model.Iteration;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.Rejection;
import dev.flowengine.persistence.Rejection.Reason;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what is to be written before the database does, which would undo the transaction of others for it. The answers
 * are the same on all databases, so that what works on one works on the next: no NUL, no half surrogate pairs. Keeps the
 * first thing found.
 */
final class Inspection {
    /** The longest text of a column that is part of a key, in UTF-16 units. */
    static final int LONGEST_ID = 255;
    /** The longest of any other text. */
    static final int LONGEST_TEXT = 1_000_000;

    private final long mostBytes;
    private long rowBytes;
    private @Nullable Rejection found;

    Inspection(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    Optional<Rejection> found() {
        return Optional.ofNullable(found);
    }

    /** Begins a row: what follows has to fit into it together. */
    Inspection row() {
        rowBytes = 0;
        return this;
    }

    Inspection id(String what, String value) {
        return shorter(what, value, LONGEST_ID);
    }

    Inspection id(String what, Optional<String> value) {
        value.ifPresent(text -> id(what, text));
        return this;
    }

    Inspection iteration(Iteration iteration) {
        return id("an iteration", iteration.toString());
    }

    Inspection text(String what, String value) {
        return shorter(what, value, LONGEST_TEXT);
    }

    /** Texts that are kept in one column. */
    Inspection lines(String what, List<String> values, long longest) {
        long length = 0;
        for (String value : values) {
            shorter(what, value, LONGEST_TEXT);
            // Each character may have to be escaped.
            length += 2L * value.length() + 1;
        }
        if (length > longest) {
            refuse(Reason.TOO_LARGE, what + " are " + length + " characters together, at most " + longest + " fit");
        }
        return this;
    }

    Inspection payload(String what, Payload payload) {
        return text("the content type of " + what, payload.contentType()).bytes(what, payload.size());
    }

    Inspection error(Optional<FlowError> error) {
        error.ifPresent(one -> lines(
                "the parts of an error",
                List.of(one.type(), one.message(), one.stackText(), one.nodeId(), one.suggestedResolution()),
                LONGEST_TEXT));
        return this;
    }

    private Inspection shorter(String what, String value, int longest) {
        if (value.length() > longest) {
            refuse(Reason.TOO_LARGE, what + " has " + value.length() + " characters, at most " + longest + " fit");
        } else if (!isStorable(value)) {
            refuse(Reason.UNSTORABLE_TEXT, what + " holds NUL or half a surrogate pair");
        }
        return bytes(what, 3L * value.length());
    }

    private Inspection bytes(String what, long size) {
        rowBytes += size;
        if (rowBytes > mostBytes) {
            refuse(Reason.TOO_LARGE, what + " makes a row of " + rowBytes + " bytes, at most " + mostBytes + " fit");
        }
        return this;
    }

    private void refuse(Reason reason, String detail) {
        if (found == null) {
            found = new Rejection(reason, detail);
        }
    }

    /** Whether every database keeps a text as it is. */
    static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == 0 || Character.isLowSurrogate(next)) {
                return false;
            }
            if (Character.isHighSurrogate(next)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    static boolean areStorable(String... texts) {
        return List.of(texts).stream().allMatch(Inspection::isStorable);
    }
}
