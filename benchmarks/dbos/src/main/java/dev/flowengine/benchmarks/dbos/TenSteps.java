package dev.flowengine.benchmarks.dbos;

/** The workflow as its callers see it. */
public interface TenSteps {

    /**
     * Runs it.
     *
     * @param flow its number
     * @return the same number
     */
    long run(long flow);
}
