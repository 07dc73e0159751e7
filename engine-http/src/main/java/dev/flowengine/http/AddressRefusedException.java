package dev.flowengine.http;

import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowException;
import java.io.Serial;
import java.net.URI;

/**
 * A URL no request may go to, because of its form, of where it leads, or of what redirects there: {@code ACCESS_DENIED}, and
 * permanent. The message names the URL without credentials, query and fragment.
 */
public final class AddressRefusedException extends FlowException {

    @Serial
    private static final long serialVersionUID = 1L;

    AddressRefusedException(URI url, String reason, String resolution) {
        super(FlowException.of(FailureKind.ACCESS_DENIED, Urls.shown(url) + " is refused: " + reason)
                .suggestedResolution(resolution)
                .permanent());
    }
}
