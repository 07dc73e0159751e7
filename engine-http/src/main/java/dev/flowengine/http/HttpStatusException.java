package dev.flowengine.http;

import dev.flowengine.model.FlowException;
import java.io.Serial;

/** A response whose status fails the node. {@link #isPermanent()} unless the status is one that may pass. */
public final class HttpStatusException extends FlowException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;

    HttpStatusException(Builder builder, int status) {
        super(builder);
        this.status = status;
    }

    /**
     * What the server answered.
     *
     * @return the status of the response
     */
    public int status() {
        return status;
    }
}
