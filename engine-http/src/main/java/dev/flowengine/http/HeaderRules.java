package dev.flowengine.http;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which headers a flow may set: none that frames the message, names its receiver or smuggles in another. */
final class HeaderRules {
    static final String VALUE = "a text of visible characters of ASCII, spaces and tabs";

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}";
    private static final Set<String> OF_THE_CLIENT = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private HeaderRules() {}

    /** Why a header of that name cannot be set; null if it can. */
    static @Nullable String refusal(String name) {
        if (!name.matches(TOKEN)) {
            return "is no name of a header";
        }
        String canonical = canonical(name);
        return OF_THE_CLIENT.contains(canonical) || canonical.startsWith("proxy-")
                ? "is a header that the client sets itself"
                : null;
    }

    static boolean isValue(String value) {
        return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~'));
    }

    static String canonical(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
