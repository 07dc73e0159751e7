package dev.flowengine.internal.attempt;

import dev.flowengine.extension.ResultCache;
import dev.flowengine.flow.CachePolicy;
import dev.flowengine.node.AsyncBody;
import dev.flowengine.node.Input;
import dev.flowengine.node.NodeBody;
import dev.flowengine.node.NodeContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a cache in front of bodies. Whatever the cache does, a node comes to the outcome its body would have: what the cache
 * throws is counted, told in the log at the first time and at every thousandth, and otherwise as if there were no entry.
 */
public final class CachedResults {
    private static final Logger LOG = LoggerFactory.getLogger(CachedResults.class);
    private static final int TOLD_EVERY = 1_000;

    private final KeptResults kept;
    private final LongAdder failures = new LongAdder();

    /**
     * Stands in front of bodies.
     *
     * @param kept keeps results
     */
    public CachedResults(KeptResults kept) {
        this.kept = kept;
    }

    /**
     * How often the cache has failed.
     *
     * @return the number of its failures so far
     */
    public long failures() {
        return failures.sum();
    }

    /** What the body makes, or has made of the same: a value, or a stage if the body is asynchronous. */
    @Nullable
    Object through(BodyContext context, CachePolicy policy, NodeBody body, Callable<? extends @Nullable Object> call)
            throws Exception {
        context.scope().reports().cached(context.node(), false);
        ResultCache.Key key = guarded(() -> key(context, policy)).orElse(null);
        if (key == null) {
            return call.call();
        }
        if (!context.execution().options().refreshCache()) {
            ResultCache.Result found =
                    guarded(() -> kept.get(context.definition(), key)).orElse(null);
            context.scope().reports().cached(context.node(), found != null);
            if (found != null) {
                context.log().info("the result was taken from the cache");
                return body instanceof AsyncBody ? CompletableFuture.completedFuture(found.value()) : found.value();
            }
        }
        Object made = call.call();
        if (made instanceof CompletionStage<?> stage && body instanceof AsyncBody) {
            return stage.thenApply(value -> kept(context, key, value, policy));
        }
        return kept(context, key, made, policy);
    }

    /** Kept once the attempt has come to it: what is of the wrong type, or too large for the store, is a failure. */
    private @Nullable Object kept(
            BodyContext context, ResultCache.Key key, @Nullable Object value, CachePolicy policy) {
        context.onSuccess(() -> guarded(() -> {
            kept.put(context.definition(), key, new ResultCache.Result(value), policy.keep());
            return Optional.empty();
        }));
        return value;
    }

    private static Optional<ResultCache.Key> key(NodeContext context, CachePolicy policy) {
        Object given = policy.key().isPresent() ? policy.key().get().apply(context) : inputs(context);
        String version = policy.version().orElseGet(() -> context.execution().flowVersion());
        return given == null
                ? Optional.empty()
                : Optional.of(new ResultCache.Key(context.execution().flowId(), version, context.nodeId(), given));
    }

    /** What the body is given: its parameters; by port, in the order of declaration, whether there is a value, and the value. */
    private static List<@Nullable Object> inputs(NodeContext context) {
        List<@Nullable Object> given = new ArrayList<>();
        given.add(context.parameters());
        for (String port : context.inputs().ports()) {
            Input<@Nullable Object> input = context.inputs().port(port);
            given.add(input.isPresent());
            given.add(input.valueOrNull());
        }
        return given;
    }

    private <T> Optional<T> guarded(Callable<Optional<T>> use) {
        try {
            return use.call();
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable broken) {
            if (broken instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            failed(broken);
            return Optional.empty();
        }
    }

    private void failed(Throwable broken) {
        failures.increment();
        long count = failures.sum();
        if (count % TOLD_EVERY == 1) {
            LOG.warn("the result cache failed, {} times so far; nodes run without it", count, broken);
        }
    }
}
