package dev.flowengine.internal.delivery;

import dev.flowengine.event.EventsDropped;
import java.time.Instant;

/** The place of events of one execution that were dropped. */
final class Gap {
    private final String executionId;
    private final String flowId;
    private final long from;
    private long to;
    private Instant instant;

    Gap(String executionId, String flowId, long seq, Instant instant) {
        this.executionId = executionId;
        this.flowId = flowId;
        this.from = seq;
        this.to = seq;
        this.instant = instant;
    }

    void growTo(long seq, Instant moment) {
        to = seq;
        instant = moment;
    }

    EventsDropped asEvent() {
        return new EventsDropped(executionId, flowId, from, to, instant);
    }
}
