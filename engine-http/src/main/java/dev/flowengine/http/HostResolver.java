package dev.flowengine.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Tells the addresses a host stands for: those the client will choose from. */
@FunctionalInterface
interface HostResolver {
    /** As {@link java.net.http.HttpClient} resolves, through the cache of the virtual machine. */
    HostResolver OF_THE_MACHINE = host -> List.of(InetAddress.getAllByName(host));

    /**
     * Resolves a host.
     *
     * @param host a name, or an address as URLs write it
     * @return all its addresses, at least one
     * @throws UnknownHostException if it has none
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
