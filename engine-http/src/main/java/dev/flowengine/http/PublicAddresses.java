package dev.flowengine.http;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells public addresses from all others, after the registries of special-purpose addresses of the IANA. Of IPv6, only what is
 * given out as global unicast can be public at all.
 */
final class PublicAddresses {
    static final AddressPolicy POLICY = (host, address) -> judge(address.getAddress());

    private static final Network GLOBAL_UNICAST = Network.parse("2000::/3");
    private static final Network NAT64 = Network.parse("64:ff9b::/96");
    private static final Network SIX_TO_FOUR = Network.parse("2002::/16");
    private static final int IPV4_LENGTH = 4;

    private static final Map<Network, String> SPECIAL = special();

    private PublicAddresses() {}

    private static Map<Network, String> special() {
        Map<Network, String> special = new LinkedHashMap<>();
        put(special, "an address at which a cloud tells its machines secrets", "169.254.169.254", "169.254.170.0/24");
        put(special, "an address at which a cloud tells its machines secrets", "100.100.100.200", "192.0.0.192");
        put(special, "an address at which a cloud tells its machines secrets", "168.63.129.16", "fd00:ec2::/32");
        put(special, "an unspecified address", "0.0.0.0/8", "::/128");
        put(special, "a loopback address", "127.0.0.0/8", "::1/128");
        put(special, "a link-local address", "169.254.0.0/16", "fe80::/10");
        put(special, "a private address", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10");
        put(special, "a shared address of a provider's network", "100.64.0.0/10");
        put(special, "a multicast address", "224.0.0.0/4", "ff00::/8");
        put(special, "a reserved address", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4");
        put(special, "a reserved address", "2001::/23", "64:ff9b:1::/48");
        put(special, "an address for documentation", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24");
        put(special, "an address for documentation", "2001:db8::/32", "3fff::/20");
        return special;
    }

    private static void put(Map<Network, String> special, String what, String... networks) {
        for (String network : networks) {
            special.put(Network.parse(network), "it is " + what);
        }
    }

    private static Optional<String> judge(byte[] address) {
        byte[] inside = embedded(address);
        if (inside.length == IPV4_LENGTH && address.length != IPV4_LENGTH) {
            return judge(inside).map(reason -> "of the IPv4 address inside, " + reason);
        }
        for (Map.Entry<Network, String> entry : SPECIAL.entrySet()) {
            if (entry.getKey().contains(address)) {
                return Optional.of(entry.getValue());
            }
        }
        return address.length == IPV4_LENGTH || GLOBAL_UNICAST.contains(address)
                ? Optional.empty()
                : Optional.of("it is no global unicast address");
    }

    /** The IPv4 address an IPv6 one leads to; the address itself if there is none in it. */
    private static byte[] embedded(byte[] address) {
        if (address.length == IPV4_LENGTH) {
            return address;
        }
        if (isMapped(address) || NAT64.contains(address)) {
            return Arrays.copyOfRange(address, 12, 16);
        }
        return SIX_TO_FOUR.contains(address) ? Arrays.copyOfRange(address, 2, 6) : address;
    }

    /** Whether it is one of {@code ::ffff:0:0/96}, which Java makes an IPv4 address of wherever it reads one. */
    private static boolean isMapped(byte[] address) {
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[10] == (byte) 0xff && address[11] == (byte) 0xff;
    }
}
