package dev.flowengine.node;

/**
 * What a loop repeats its body for. It is asked before every iteration, each time as an attempt of the loop's node, with its
 * retries and timeouts; after a crash it is asked again about the iteration that had not begun yet. So it has to say the same
 * from the same input and the same progress, and keeps nothing between two calls.
 */
@FunctionalInterface
public non-sealed interface LoopBody extends NodeBody {
    /** How many iterations a loop makes at most, unless it says otherwise. */
    int MAX_ITERATIONS = 100_000;

    /**
     * Says what the next iteration is about.
     *
     * @param context the attempt; its input is what the loop was given
     * @param progress how far the loop has come
     * @return the item of the next iteration, or that there is none
     * @throws Exception to fail the loop
     */
    LoopItem next(NodeContext context, LoopProgress progress) throws Exception;

    /**
     * How many iterations there may be: a loop that would go on after that fails with {@code LIMIT_EXCEEDED}.
     *
     * @return at least 1, the same every time
     */
    default int maxIterations() {
        return MAX_ITERATIONS;
    }

    /**
     * The same with another limit.
     *
     * @param iterations how many iterations there may be, at least 1
     * @return a body that asks this one
     */
    default LoopBody atMost(int iterations) {
        if (iterations < 1) {
            throw new IllegalArgumentException("the limit is " + iterations + " iterations, but must be at least 1");
        }
        LoopBody unlimited = this;
        return new LoopBody() {
            @Override
            public LoopItem next(NodeContext context, LoopProgress progress) throws Exception {
                return unlimited.next(context, progress);
            }

            @Override
            public int maxIterations() {
                return iterations;
            }
        };
    }
}
