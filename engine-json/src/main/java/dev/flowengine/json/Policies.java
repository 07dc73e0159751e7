package dev.flowengine.json;

import dev.flowengine.extension.DataReader;
import dev.flowengine.flow.CachePolicy;
import dev.flowengine.flow.RedrivePolicy;
import dev.flowengine.flow.RetryPolicy;
import dev.flowengine.flow.Timeouts;
import dev.flowengine.graph.JoinRule;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Policies and rules as data, in both directions. */
final class Policies {
    static final Duration SHORTEST = Duration.ofNanos(1);

    private static final String FIXED = "fixed";
    private static final String EXPONENTIAL = "exponential";

    /** What can be told by a name. The default needs one where the type of a node sets another rule. */
    private static final List<JoinRule.Kind> NAMED_JOINS = Stream.of(JoinRule.Kind.values())
            .filter(kind -> kind != JoinRule.Kind.AT_LEAST)
            .toList();

    private Policies() {}

    static Timeouts timeouts(DataReader reader) {
        Timeouts timeouts = Timeouts.none();
        if (reader.has("attempt")) {
            timeouts = timeouts.attempt(reader.duration("attempt", SHORTEST));
        }
        if (reader.has("node")) {
            timeouts = timeouts.node(reader.duration("node", SHORTEST));
        }
        if (reader.has("execution")) {
            timeouts = timeouts.execution(reader.duration("execution", SHORTEST));
        }
        return timeouts;
    }

    static Map<String, @Nullable Object> data(Timeouts timeouts) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        timeouts.attempt().ifPresent(limit -> data.put("attempt", limit.toString()));
        timeouts.node().ifPresent(limit -> data.put("node", limit.toString()));
        timeouts.execution().ifPresent(limit -> data.put("execution", limit.toString()));
        return data;
    }

    static RetryPolicy retry(DataReader reader) {
        Duration delay = reader.has("delay") ? reader.duration("delay", Duration.ZERO) : Duration.ZERO;
        double factor = reader.has("factor") ? reader.decimal("factor", 1, Double.MAX_VALUE) : 2;
        boolean exponential = isExponential(reader);
        if (!exponential && reader.has("factor")) {
            reader.problem("factor", "is only for the backoff " + EXPONENTIAL);
        }
        RetryPolicy policy = exponential ? RetryPolicy.exponential(delay, factor) : RetryPolicy.fixed(delay);
        if (reader.has("maxAttempts")) {
            policy = policy.maxAttempts(reader.integer("maxAttempts", 1, Integer.MAX_VALUE));
        }
        if (reader.has("cap")) {
            policy = policy.cap(reader.duration("cap", Duration.ZERO));
        }
        if (reader.has("jitter")) {
            policy = policy.jitter(reader.decimal("jitter", 0, 1));
        }
        return policy;
    }

    private static boolean isExponential(DataReader reader) {
        if (!reader.has("backoff")) {
            return false;
        }
        boolean exponential = EXPONENTIAL.equals(reader.value("backoff"));
        if (!exponential && !FIXED.equals(reader.value("backoff"))) {
            reader.expected("backoff", FIXED + " or " + EXPONENTIAL);
        }
        return exponential;
    }

    /** The policy as data; null if part of it is code. */
    static @Nullable Map<String, @Nullable Object> data(RetryPolicy policy) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("maxAttempts", policy.maxAttempts());
        RetryPolicy likewise;
        if (policy.backoff() instanceof RetryPolicy.Fixed fixed) {
            likewise = RetryPolicy.fixed(fixed.delay());
            if (!fixed.delay().isZero()) {
                data.put("delay", fixed.delay().toString());
            }
        } else if (policy.backoff() instanceof RetryPolicy.Exponential growing) {
            likewise = RetryPolicy.exponential(growing.first(), growing.factor());
            data.put("backoff", EXPONENTIAL);
            data.put("delay", growing.first().toString());
            data.put("factor", growing.factor());
        } else {
            return null;
        }
        if (!policy.cap().equals(likewise.cap())) {
            data.put("cap", policy.cap().toString());
        }
        if (policy.jitter() > 0) {
            data.put("jitter", policy.jitter());
        }
        return policy.isSelective() ? null : data;
    }

    /** Whether two policies are one, or say the same as data. */
    static boolean areAlike(RetryPolicy one, @Nullable RetryPolicy other) {
        Map<String, @Nullable Object> data = data(one);
        return one.equals(other) || (other != null && data != null && data.equals(data(other)));
    }

    static CachePolicy cache(DataReader reader) {
        CachePolicy policy = CachePolicy.keepFor(reader.duration("keep", SHORTEST));
        return reader.has("version") ? policy.version(reader.text("version")) : policy;
    }

    /** The policy as data; what code says in it is left out. */
    static Map<String, @Nullable Object> data(CachePolicy policy) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("keep", policy.keep().toString());
        policy.version().ifPresent(version -> data.put("version", version));
        return data;
    }

    static RedrivePolicy redrive(DataReader reader) {
        return RedrivePolicy.upTo(
                reader.integer("maxRedrives", 1, Integer.MAX_VALUE), reader.duration("delay", SHORTEST));
    }

    /** The policy as data; null if part of it is code. */
    static @Nullable Map<String, @Nullable Object> data(RedrivePolicy policy) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("maxRedrives", policy.maxRedrives());
        data.put("delay", policy.delay().toString());
        return policy.isSelective() ? null : data;
    }

    static JoinRule join(DataReader node) {
        if (node.value("join") instanceof Map<?, ?>) {
            return JoinRule.atLeast(node.object("join").integer("atLeast", 1, Integer.MAX_VALUE));
        }
        return new JoinRule(node.choice("join", NAMED_JOINS), 0);
    }

    static Object data(JoinRule join) {
        return join.kind() == JoinRule.Kind.AT_LEAST
                ? Map.of("atLeast", join.threshold())
                : join.kind().name();
    }
}
