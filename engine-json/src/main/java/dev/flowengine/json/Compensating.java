package dev.flowengine.json;

import dev.flowengine.extension.DataReader;
import dev.flowengine.flow.CompensationPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When a flow compensates, and how, as data, in both directions. */
final class Compensating {
    private static final CompensationPolicy DEFAULT = CompensationPolicy.always();

    private Compensating() {}

    static CompensationPolicy read(DataReader reader) {
        CompensationPolicy policy =
                reader.choice("after", List.of(After.values())).policy();
        if (reader.has("timeout")) {
            policy = policy.timeout(reader.duration("timeout", Policies.SHORTEST));
        }
        if (reader.has("attemptTimeout")) {
            policy = policy.attemptTimeout(reader.duration("attemptTimeout", Policies.SHORTEST));
        }
        return reader.has("retry") ? policy.retry(Policies.retry(reader.object("retry"))) : policy;
    }

    /** The policy as data; null if part of it is code. */
    static @Nullable Map<String, @Nullable Object> data(CompensationPolicy policy) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("after", After.of(policy).name());
        if (!policy.timeout().equals(DEFAULT.timeout())) {
            data.put("timeout", policy.timeout().toString());
        }
        if (!policy.attemptTimeout().equals(DEFAULT.attemptTimeout())) {
            data.put("attemptTimeout", policy.attemptTimeout().toString());
        }
        Map<String, @Nullable Object> retry = Policies.data(policy.retry());
        if (retry == null) {
            return null;
        }
        if (!retry.equals(Policies.data(DEFAULT.retry()))) {
            data.put("retry", retry);
        }
        return data;
    }

    /** After which ends. */
    private enum After {
        FAILURE,
        CANCEL,
        ALWAYS;

        CompensationPolicy policy() {
            return switch (this) {
                case FAILURE -> CompensationPolicy.onFailure();
                case CANCEL -> CompensationPolicy.onCancel();
                case ALWAYS -> CompensationPolicy.always();
            };
        }

        static After of(CompensationPolicy policy) {
            if (policy.isOnFailure()) {
                return policy.isOnCancel() ? ALWAYS : FAILURE;
            }
            return CANCEL;
        }
    }
}
