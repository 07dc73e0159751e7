package dev.flowengine.http;

import java.security.Security;
import org.jspecify.annotations.Nullable;

/**
 * Whether the virtual machine remembers what a name stands for, as the judgement of addresses needs it: the client resolves
 * the name a second time, and is to be given what was judged.
 */
final class NameCache {
    private static final String SECURITY_PROPERTY = "networkaddress.cache.ttl";
    private static final String SYSTEM_PROPERTY = "sun.net.inetaddr.ttl";

    private NameCache() {}

    /** Whether it is switched off, as far as the properties say it; the machine reads them once, at its first look-up. */
    static boolean isOff() {
        return isOff(Security.getProperty(SECURITY_PROPERTY), System.getProperty(SYSTEM_PROPERTY));
    }

    /** The machine takes the first of the two that is a number; without one it remembers for half a minute. */
    static boolean isOff(@Nullable String security, @Nullable String system) {
        Integer seconds = number(security);
        Integer decisive = seconds == null ? number(system) : seconds;
        return decisive != null && decisive == 0;
    }

    private static @Nullable Integer number(@Nullable String text) {
        try {
            return text == null ? null : Integer.valueOf(text.strip());
        } catch (NumberFormatException none) {
            return null;
        }
    }
}
