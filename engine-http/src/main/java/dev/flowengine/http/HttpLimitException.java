package dev.flowengine.http;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.io.Serial;

/** A response that is too large, or leads on too often: {@code LIMIT_EXCEEDED}, and permanent. */
public final class HttpLimitException extends FlowException {

    @Serial
    private static final long serialVersionUID = 1L;

    HttpLimitException(String message, String resolution) {
        super(FlowException.of(FailureKind.LIMIT_EXCEEDED, message)
                .suggestedResolution(resolution)
                .permanent());
    }
}
