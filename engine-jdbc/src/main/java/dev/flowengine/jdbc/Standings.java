package dev.flowengine.jdbc;

import dev.flowengine.persistence.Standing;
import java.time.Instant;
import java.util.Optional;

/** What runs stand as, in columns. */
final class Standings {
    static final String OWNED = "OWNED";
    static final String CLAIMABLE = "CLAIMABLE";
    private static final String DUE = "DUE";
    private static final String DORMANT = "DORMANT";
    private static final String ENDED = "ENDED";

    private Standings() {}

    static String name(Standing standing) {
        if (standing instanceof Standing.Owned) {
            return OWNED;
        }
        if (standing instanceof Standing.Claimable) {
            return CLAIMABLE;
        }
        if (standing instanceof Standing.Due) {
            return DUE;
        }
        return standing instanceof Standing.Dormant ? DORMANT : ENDED;
    }

    static Optional<Instant> dueAt(Standing standing) {
        return standing instanceof Standing.Due due ? Optional.of(due.at()) : Optional.empty();
    }

    static Optional<String> reason(Standing standing) {
        return standing instanceof Standing.Dormant dormant ? Optional.of(dormant.reason()) : Optional.empty();
    }

    /** From when on anybody may claim a run that stands so from now on; empty for never. */
    static Optional<Instant> wakeAt(Standing standing, boolean hasMessages, Instant now) {
        if (standing instanceof Standing.Claimable) {
            return Optional.of(now);
        }
        if (standing instanceof Standing.Due due) {
            return Optional.of(hasMessages && due.at().isAfter(now) ? now : due.at());
        }
        return standing instanceof Standing.Dormant && hasMessages ? Optional.of(now) : Optional.empty();
    }

    static Standing read(String name, Optional<Instant> dueAt, Optional<String> reason) {
        return switch (name) {
            case OWNED -> Standing.owned();
            case CLAIMABLE -> Standing.claimable();
            case DUE -> Standing.due(dueAt.orElseThrow());
            case DORMANT -> Standing.dormant(reason.orElseThrow());
            default -> throw new IllegalStateException("a run stands as " + name + ", which nobody has written");
        };
    }
}
