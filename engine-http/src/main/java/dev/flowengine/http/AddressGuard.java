package dev.flowengine.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges where a request would go. */
final class AddressGuard {
    private final AddressPolicy policy;
    private final HostResolver resolver;

    AddressGuard(AddressPolicy policy, HostResolver resolver) {
        this.policy = policy;
        this.resolver = resolver;
    }

    /**
     * Refuses a URL no request may go to: by its form, or because one of the addresses of its host is not allowed.
     *
     * @throws AddressRefusedException if it is refused
     * @throws IOException if the host is unknown
     */
    void check(URI url) throws IOException {
        checkForm(url);
        if (NameCache.isOff()) {
            throw new AddressRefusedException(
                    url,
                    "names are resolved anew each time (networkaddress.cache.ttl is 0), so that what is judged need not be"
                            + " what is connected to",
                    "Leave the security property networkaddress.cache.ttl as it is, or set it to more seconds than a request may take.");
        }
        // As it is written: the JVM keeps its answers by that, and the client asks for it once more.
        List<InetAddress> addresses = resolver.resolve(url.getHost());
        String host = url.getHost().toLowerCase(Locale.ROOT);
        for (InetAddress address : addresses) {
            Optional<String> refusal = policy.refusal(host, address);
            if (refusal.isPresent()) {
                throw new AddressRefusedException(
                        url,
                        "no request may go to " + address.getHostAddress() + ", for " + refusal.get(),
                        "Use another URL, or have the host of the engine allow the address with HttpNode.builder().addresses(…).");
            }
        }
    }

    private static void checkForm(URI url) {
        if (!isWeb(url.getScheme())) {
            throw new AddressRefusedException(
                    url, "it is neither http nor https", "Give a URL that begins with https://.");
        }
        if (url.getRawUserInfo() != null || hasUserInfo(url.getRawAuthority())) {
            throw new AddressRefusedException(url, "it contains credentials", "Give them as a header.");
        }
        if (url.getHost() == null) {
            throw new AddressRefusedException(
                    url,
                    "it names no host, or one that is no name of letters, digits, dots and hyphens",
                    "Write names in other scripts in their form of ASCII (xn--…).");
        }
    }

    private static boolean hasUserInfo(@Nullable String authority) {
        return authority != null && authority.indexOf('@') >= 0;
    }

    private static boolean isWeb(@Nullable String scheme) {
        return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    }
}
