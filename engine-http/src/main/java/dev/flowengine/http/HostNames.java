package dev.flowengine.http;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Names of hosts, and of what is below them. */
record HostNames(List<String> patterns) {

    static HostNames of(String... patterns) {
        return new HostNames(Stream.of(patterns).map(HostNames::canonical).toList());
    }

    boolean include(String host) {
        String name = canonical(host);
        return patterns.stream()
                .anyMatch(pattern ->
                        pattern.startsWith("*.") ? name.endsWith(pattern.substring(1)) : name.equals(pattern));
    }

    /** Without case, the final dot of a full name, and the brackets of an address. */
    private static String canonical(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        String open = name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
        return open.endsWith(".") ? open.substring(0, open.length() - 1) : open;
    }

    @Override
    public String toString() {
        return String.join(", ", patterns);
    }
}
