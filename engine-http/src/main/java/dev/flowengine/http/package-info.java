/**
 * The node type {@code http}: a request to another service, as part of a flow that is data.
 *
 * <p>Whoever writes such a flow decides where the host's machine connects to. So every address is judged before it is
 * connected to, that of every redirect included, and by default only public ones are allowed:
 * {@link dev.flowengine.http.AddressPolicy} says which. {@link dev.flowengine.http.HttpNode} is the type, and where a host
 * sets limits, the policy and the client.
 */
@NullMarked
package dev.flowengine.http;

import org.jspecify.annotations.NullMarked;
