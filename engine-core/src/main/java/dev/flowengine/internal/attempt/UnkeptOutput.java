package dev.flowengine.internal.attempt;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a body wants to put out cannot be kept: its node fails with this kind, and not as if the body had failed. */
public final class UnkeptOutput extends FlowException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Describes it.
     *
     * @param kind what kind of failure
     * @param nodes ids of the nodes it is about
     * @param message what cannot be kept, and why
     * @param cause what was thrown, if anything was
     * @param resolution what to do about it
     */
    public UnkeptOutput(
            FailureKind kind, List<String> nodes, String message, @Nullable Throwable cause, String resolution) {
        super(FlowException.of(kind, message).cause(cause).affectedNodes(nodes).suggestedResolution(resolution));
    }
}
