package dev.flowengine.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What URLs say about themselves. */
final class Urls {
    private static final int LONGEST_SHOWN = 300;

    private Urls() {}

    /** A URL for messages and logs: without what may be secret in it, which is its user, its query and its fragment. */
    static String shown(URI url) {
        StringBuilder text = new StringBuilder();
        if (url.getScheme() != null) {
            text.append(url.getScheme()).append(':');
        }
        String authority = url.getRawAuthority();
        if (authority != null) {
            text.append("//").append(authority.substring(authority.lastIndexOf('@') + 1));
        }
        text.append(url.isOpaque() ? "…" : Objects.toString(url.getRawPath(), ""));
        if (url.getRawQuery() != null) {
            text.append("?…");
        }
        return text.length() <= LONGEST_SHOWN ? text.toString() : text.substring(0, LONGEST_SHOWN) + "…";
    }

    /** A text as a URL without its fragment, which is never sent; null if it is none. */
    static @Nullable URI parse(String text) {
        try {
            int fragment = text.indexOf('#');
            return new URI(fragment < 0 ? text : text.substring(0, fragment));
        } catch (URISyntaxException none) {
            return null;
        }
    }

    /** Scheme, host and port: who gets what is sent to a URL. */
    static String origin(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
        int port = url.getPort() < 0 ? (isSecure(url) ? 443 : 80) : url.getPort();
        return scheme + "://" + host + ":" + port;
    }

    static boolean isSecure(URI url) {
        return "https".equalsIgnoreCase(url.getScheme());
    }
}
