package dev.flowengine.persistence;

import dev.flowengine.model.TriggerType;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What never changes of a run.
 *
 * @param executionId id of the run, unique in the store
 * @param flow the edition of its flow
 * @param flowName what people call the flow; stays when the flow is gone
 * @param startKind what belongs to the run
 * @param startNode the trigger or node it began with
 * @param triggerType what started it
 * @param createdAt when it was admitted, by the clock of who created it: the history's order
 * @param inputDigest equal exactly for equal inputs, by whoever creates runs: tells two starts with one key apart; may be
 *     empty
 * @param affectedNodes ids of the nodes in its scope
 * @param activeAtStart how many other runs of its flow went on when it began, as far as its creator knew
 * @param key what its creator knows it by: unique among the runs of the flow id, whatever the version
 * @param userId on whose behalf it runs
 * @param parent the node of another run that started it
 * @param redriveOf the run it runs again
 * @param keysOf the run whose idempotency keys its nodes use; empty for its own
 */
public record RunHeader(
        String executionId,
        FlowKey flow,
        String flowName,
        StartKind startKind,
        String startNode,
        TriggerType triggerType,
        Instant createdAt,
        String inputDigest,
        List<String> affectedNodes,
        int activeAtStart,
        Optional<String> key,
        Optional<String> userId,
        Optional<NodeRun> parent,
        Optional<String> redriveOf,
        Optional<String> keysOf) {

    /** Cuts the instant to what stores keep, copies the list, and refuses null. */
    public RunHeader {
        Objects.requireNonNull(executionId, "executionId");
        Objects.requireNonNull(flow, "flow");
        Objects.requireNonNull(flowName, "flowName");
        Objects.requireNonNull(startKind, "startKind");
        Objects.requireNonNull(startNode, "startNode");
        Objects.requireNonNull(triggerType, "triggerType");
        createdAt = StoreTime.storable(createdAt);
        Objects.requireNonNull(inputDigest, "inputDigest");
        affectedNodes = List.copyOf(affectedNodes);
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(parent, "parent");
        Objects.requireNonNull(redriveOf, "redriveOf");
        Objects.requireNonNull(keysOf, "keysOf");
    }

    /**
     * Starts the description of a run that a person started by a trigger.
     *
     * @param executionId id of the run
     * @param flow the edition of its flow
     * @param startNode the trigger
     * @param createdAt when it was admitted
     * @return a builder
     */
    public static Builder of(String executionId, FlowKey flow, String startNode, Instant createdAt) {
        return new Builder(executionId, flow, startNode, createdAt);
    }

    /** Collects the parts of a header; not thread-safe. */
    public static final class Builder {
        private final String executionId;
        private final FlowKey flow;
        private final String startNode;
        private final Instant createdAt;
        private String flowName;
        private StartKind startKind = StartKind.TRIGGER;
        private TriggerType triggerType = TriggerType.MANUAL;
        private String inputDigest = "";
        private List<String> affectedNodes = List.of();
        private int activeAtStart;
        private @Nullable String key;
        private @Nullable String userId;
        private @Nullable NodeRun parent;
        private @Nullable String redriveOf;
        private @Nullable String keysOf;

        private Builder(String executionId, FlowKey flow, String startNode, Instant createdAt) {
            this.executionId = executionId;
            this.flow = flow;
            this.startNode = startNode;
            this.createdAt = createdAt;
            this.flowName = flow.flowId();
        }

        /**
         * Sets what people call the flow; its id by default.
         *
         * @param value the value
         * @return this
         */
        public Builder flowName(String value) {
            this.flowName = value;
            return this;
        }

        /**
         * Sets what belongs to the run; a trigger and what it leads to by default.
         *
         * @param value the value
         * @return this
         */
        public Builder startKind(StartKind value) {
            this.startKind = value;
            return this;
        }

        /**
         * Sets what started the run; a call of the host by default.
         *
         * @param value the value
         * @return this
         */
        public Builder triggerType(TriggerType value) {
            this.triggerType = value;
            return this;
        }

        /**
         * Sets what tells inputs apart.
         *
         * @param value the value
         * @return this
         */
        public Builder inputDigest(String value) {
            this.inputDigest = value;
            return this;
        }

        /**
         * Sets the nodes in the scope of the run.
         *
         * @param value the value
         * @return this
         */
        public Builder affectedNodes(List<String> value) {
            this.affectedNodes = value;
            return this;
        }

        /**
         * Sets how many other runs of the flow went on.
         *
         * @param value the value
         * @return this
         */
        public Builder activeAtStart(int value) {
            this.activeAtStart = value;
            return this;
        }

        /**
         * Sets the key.
         *
         * @param value the value, or null for none
         * @return this
         */
        public Builder key(@Nullable String value) {
            this.key = value;
            return this;
        }

        /**
         * Sets on whose behalf it runs.
         *
         * @param value the value, or null for none
         * @return this
         */
        public Builder userId(@Nullable String value) {
            this.userId = value;
            return this;
        }

        /**
         * Sets which node of another run started it.
         *
         * @param value the value, or null for none
         * @return this
         */
        public Builder parent(@Nullable NodeRun value) {
            this.parent = value;
            return this;
        }

        /**
         * Sets which run it runs again.
         *
         * @param value the value, or null for none
         * @return this
         */
        public Builder redriveOf(@Nullable String value) {
            this.redriveOf = value;
            return this;
        }

        /**
         * Sets whose idempotency keys it uses.
         *
         * @param value the value, or null for none
         * @return this
         */
        public Builder keysOf(@Nullable String value) {
            this.keysOf = value;
            return this;
        }

        /**
         * Creates the header.
         *
         * @return an immutable header
         */
        public RunHeader build() {
            return new RunHeader(
                    executionId,
                    flow,
                    flowName,
                    startKind,
                    startNode,
                    triggerType,
                    createdAt,
                    inputDigest,
                    affectedNodes,
                    activeAtStart,
                    Optional.ofNullable(key),
                    Optional.ofNullable(userId),
                    Optional.ofNullable(parent),
                    Optional.ofNullable(redriveOf),
                    Optional.ofNullable(keysOf));
        }
    }
}
