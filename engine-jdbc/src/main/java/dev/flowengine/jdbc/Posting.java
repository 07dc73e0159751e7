package dev.flowengine.jdbc;

import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.PostAnswer;
import java.sql.SQLException;
import java.util.Optional;

/** Messages to runs. The locked row of the run in "ownership" orders them, and tells its owner and who claims it. */
final class Posting {
    /** A run that nobody owns wakes up, unless it is awake already. */
    private static final String TELL = "UPDATE {ownership} SET pending = pending + 1, posted = posted + 1,"
            + " wake_at = CASE WHEN standing = 'OWNED' OR wake_at <= {now} THEN wake_at ELSE {now} END WHERE run_id = ?";

    private Posting() {}

    static PostAnswer post(Session session, String runId, Message message) throws SQLException {
        Optional<Place> place = session.first(
                "SELECT run_no, posted FROM {ownership}{by-key} WHERE run_id = ? FOR UPDATE",
                values -> values.text(runId),
                row -> new Place(row.number(), row.integer()));
        if (place.isEmpty()) {
            return isThere(session, runId) ? PostAnswer.TERMINAL : PostAnswer.NOT_FOUND;
        }
        long runNo = place.get().runNo();
        if (MessageRows.isThere(session, runNo, message.messageId())) {
            return PostAnswer.DUPLICATE;
        }
        MessageRows.insert(session, runNo, place.get().posted() + 1, message);
        session.update(TELL, values -> values.text(runId));
        return PostAnswer.POSTED;
    }

    private static boolean isThere(Session session, String runId) throws SQLException {
        return session.first("SELECT run_no FROM {run} WHERE run_id = ?", values -> values.text(runId), Row::number)
                .isPresent();
    }

    /** Where the next message of a run goes. */
    private record Place(long runNo, int posted) {}
}
