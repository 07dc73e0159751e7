package dev.flowengine.http;

import dev.flowengine.extension.DataReader;
import dev.flowengine.extension.NodeType;
import dev.flowengine.flow.NodeDefinition;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The node type {@code http}: sends a request and puts out the response as an object of {@code status}, {@code headers} and
 * {@code body}. Its parameters are those docs/http.md tells. Immutable and thread-safe.
 *
 * <p>Installed as it is, it sends to public addresses only. A host that wants it otherwise registers one of its own:
 *
 * <pre>{@code
 * NodeTypes types = NodeTypes.builder()
 *         .installed()
 *         .replace(HttpNode.builder()
 *                 .addresses(AddressPolicy.publicAddresses().or(AddressPolicy.networks("10.20.0.0/16")))
 *                 .requestLimit(Duration.ofSeconds(20))
 *                 .build())
 *         .build();
 * }</pre>
 *
 * <p><b>What the judgement of addresses rests on.</b> The name of a host is resolved, and all its addresses are judged; then the
 * client resolves the same name again to connect. Both ask the cache of the virtual machine, which remembers an answer for as
 * long as the security property {@code networkaddress.cache.ttl} says, half a minute unless it is set, whatever the name's
 * server says. With 0 nothing is remembered, and a server of names could show a public address first and a private one right
 * after: so nothing is sent then. What is left is an answer that is forgotten between the two questions; therefore the name is
 * judged once more when the response has begun, from the answer the client has been given, and the response is
 * thrown away if that would not have been allowed. The request itself has been sent by then. The machine reads the
 * property once, at its first look-up: what is changed later does not count.
 */
public final class HttpNode implements NodeType {
    private final HttpLimits limits;
    private final HttpSender sender;
    private final AddressGuard guard;

    /** Creates the type with its defaults, as it is installed. */
    public HttpNode() {
        this(builder());
    }

    private HttpNode(Builder builder) {
        this.limits = builder.limits;
        this.sender = builder.sender == null ? new DefaultSender(limits.connect()) : builder.sender;
        this.guard = new AddressGuard(builder.addresses, builder.resolver);
    }

    /**
     * Starts with the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public NodeDefinition.Builder define(String nodeId, DataReader parameters) {
        RequestTemplate request = RequestTemplate.read(parameters);
        ResponseRules rules = ResponseRules.read(parameters);
        HttpLimits own = limits(parameters);
        return NodeDefinition.builder(nodeId).body(context -> {
            Request made = request.make(context);
            Exchange exchange = new Exchange(sender, guard, own, context.cancellation());
            return rules.value(made, exchange.perform(made));
        });
    }

    /** What the host allows is what a flow is given, and the most it may ask for. */
    private HttpLimits limits(DataReader parameters) {
        HttpLimits own = limits;
        if (parameters.has("timeLimit")) {
            Duration limit = parameters.duration("timeLimit", Duration.ofMillis(1));
            if (limit.compareTo(limits.request()) > 0) {
                parameters.expected(
                        "timeLimit", "at most " + limits.request() + ", which is the limit of the engine's host");
            }
            own = own.withRequest(limit);
        }
        if (parameters.has("sizeLimit")) {
            own = own.withResponseBytes(parameters.integer("sizeLimit", 0, limits.responseBytes()));
        }
        if (parameters.has("redirects")) {
            own = own.withRedirects(parameters.integer("redirects", 0, limits.redirects()));
        }
        return own;
    }

    /** Sets what holds for all nodes of the type; not thread-safe. */
    public static final class Builder {
        private HttpLimits limits = HttpLimits.DEFAULT;
        private AddressPolicy addresses = AddressPolicy.publicAddresses();
        private HostResolver resolver = HostResolver.OF_THE_MACHINE;
        private @Nullable HttpSender sender;

        private Builder() {}

        /**
         * Says where requests may go.
         *
         * @param policy replaces {@link AddressPolicy#publicAddresses()}
         * @return this
         */
        public Builder addresses(AddressPolicy policy) {
            this.addresses = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Says what sends the requests. It brings its own limit for connecting.
         *
         * @param replacement replaces a {@link HttpClient} without proxy, cookies and redirects
         * @return this
         */
        public Builder sender(HttpSender replacement) {
            this.sender = Objects.requireNonNull(replacement, "replacement");
            return this;
        }

        /**
         * Limits the time to connect; without effect on a {@link #sender} of the host's.
         *
         * @param limit positive; 10 s unless set
         * @return this
         */
        public Builder connectLimit(Duration limit) {
            this.limits = limits.withConnect(positive(limit));
            return this;
        }

        /**
         * Limits the time of a whole request, with redirects and the response. A flow may ask for less.
         *
         * @param limit positive; one minute unless set
         * @return this
         */
        public Builder requestLimit(Duration limit) {
            this.limits = limits.withRequest(positive(limit));
            return this;
        }

        /**
         * Limits the body of a response. A flow may ask for less.
         *
         * @param bytes not negative; 10 MiB unless set
         * @return this
         */
        public Builder responseLimit(int bytes) {
            this.limits = limits.withResponseBytes(notNegative(bytes));
            return this;
        }

        /**
         * Limits how many redirects in a row are followed. A flow may ask for less.
         *
         * @param count not negative; 5 unless set
         * @return this
         */
        public Builder redirects(int count) {
            this.limits = limits.withRedirects(notNegative(count));
            return this;
        }

        /** How names are resolved for the judgement: the client resolves by itself. */
        Builder resolver(HostResolver replacement) {
            this.resolver = replacement;
            return this;
        }

        /**
         * Creates the type.
         *
         * @return an immutable node type
         */
        public HttpNode build() {
            return new HttpNode(this);
        }

        private static Duration positive(Duration limit) {
            if (limit.isNegative() || limit.isZero()) {
                throw new IllegalArgumentException("the limit is " + limit + ", but must be positive");
            }
            return limit;
        }

        private static int notNegative(int limit) {
            if (limit < 0) {
                throw new IllegalArgumentException("the limit is " + limit + ", but must not be negative");
            }
            return limit;
        }
    }
}
