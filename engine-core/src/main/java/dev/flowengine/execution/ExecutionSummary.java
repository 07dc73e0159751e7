package dev.flowengine.execution;

import dev.flowengine.model.ExecutionStatus;
import dev.flowengine.plan.Start;
import java.time.Instant;
import java.util.Optional;

/**
 * What a list shows of an execution.
 *
 * @param executionId its id
 * @param flowId the flow
 * @param flowVersion its edition
 * @param start where it began
 * @param status its status when it was listed
 * @param userId on whose behalf it runs
 * @param startedAt when it was admitted
 * @param endedAt when it ended; empty while it goes on
 * @param redriveOf the execution it redrives, if it redrives one
 * @param parentExecutionId the execution of which a node has started it, if one has
 */
public record ExecutionSummary(
        String executionId,
        String flowId,
        String flowVersion,
        Start start,
        ExecutionStatus status,
        Optional<String> userId,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<String> redriveOf,
        Optional<String> parentExecutionId) {}
