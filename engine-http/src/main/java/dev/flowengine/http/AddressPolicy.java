package dev.flowengine.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says which addresses requests may go to. Asked about every address a name stands for, before each request and each
 * redirect, and again when the response has begun: one address that is refused is enough to refuse the name. Thread-safe.
 */
@FunctionalInterface
public interface AddressPolicy {

    /**
     * Judges one address.
     *
     * @param host the host of the URL as it is written, in lower case: a name, or an address in figures
     * @param address one of the addresses it stands for
     * @return why no request may go there, such as {@code "it is a loopback address"}; empty if one may
     */
    Optional<String> refusal(String host, InetAddress address);

    /**
     * Allows the addresses of the public internet, whatever name leads there: neither loopback, link-local, private or
     * shared ones (RFC 1918, RFC 6598, unique local), nor multicast, unspecified, reserved and documentation ones, nor those
     * at which clouds tell their machines secrets. An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) is judged itself.
     *
     * @return the policy requests are held to unless the host gives another
     */
    static AddressPolicy publicAddresses() {
        return PublicAddresses.POLICY;
    }

    /**
     * Allows the addresses of certain networks, and no other.
     *
     * @param networks in the notation of CIDR, such as {@code 10.20.0.0/16} or {@code fd12:3456::/32}, or single addresses
     * @return a policy
     * @throws IllegalArgumentException if one of them is no network
     */
    static AddressPolicy networks(String... networks) {
        List<Network> allowed = Stream.of(networks).map(Network::parse).toList();
        return (host, address) -> allowed.stream().anyMatch(network -> network.contains(address))
                ? Optional.empty()
                : Optional.of("it is in none of the networks " + allowed);
    }

    /**
     * Allows certain hosts, and no other, at whatever address: by itself it trusts whoever answers for their names. Hosts that
     * are to be public, too, are {@code publicAddresses().and(hosts(…))}.
     *
     * @param hosts names in any case, or addresses as URLs write them; {@code *.example.org} is every name below {@code
     *     example.org}, which itself is not included
     * @return a policy
     */
    static AddressPolicy hosts(String... hosts) {
        HostNames allowed = HostNames.of(hosts);
        return (host, address) -> allowed.include(host)
                ? Optional.empty()
                : Optional.of("the host is none of those allowed, which are " + allowed);
    }

    /**
     * Allows what this policy or another one allows.
     *
     * @param other asked if this one refuses
     * @return a policy that refuses for the reason of this one
     */
    default AddressPolicy or(AddressPolicy other) {
        return (host, address) -> {
            Optional<String> refusal = refusal(host, address);
            return refusal.isEmpty() || other.refusal(host, address).isEmpty() ? Optional.empty() : refusal;
        };
    }

    /**
     * Allows what both this policy and another one allow.
     *
     * @param other asked if this one does not refuse
     * @return a policy that refuses for the reason of the first that does
     */
    default AddressPolicy and(AddressPolicy other) {
        return (host, address) -> refusal(host, address).or(() -> other.refusal(host, address));
    }
}
