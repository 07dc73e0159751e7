package dev.flowengine.jdbc;

import dev.flowengine.persistence.Message;
import dev.flowengine.persistence.MessageRecord;
import dev.flowengine.persistence.MessageType;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rows of the table {@code message}. */
final class MessageRows {
    private static final String INSERT = "INSERT INTO {message} (run_no, message_id, seq, message_type, message_name,"
            + " sender, reason, payload_type, payload, consumed, posted_at) VALUES (" + Marks.of(9) + ", 0, {now})";

    private MessageRows() {}

    static boolean isThere(Session session, long runNo, String messageId) throws SQLException {
        return session.first(
                        "SELECT seq FROM {message} WHERE run_no = ? AND message_id = ?",
                        values -> values.number(runNo).text(messageId),
                        Row::integer)
                .isPresent();
    }

    static void insert(Session session, long runNo, int seq, Message message) throws SQLException {
        session.update(
                INSERT,
                values -> values.number(runNo)
                        .text(message.messageId())
                        .integer(seq)
                        .text(message.type().name())
                        .text(message.name())
                        .text(message.sender())
                        .text(message.reason())
                        .text(message.payload().map(payload -> payload.contentType()))
                        .bytes(message.payload().map(payload -> payload.bytes()).orElse(null)));
    }

    /** Those of a run that goes on which nobody has acted upon. */
    static List<MessageRecord> pending(Session session, long runNo) throws SQLException {
        return session.list(
                "SELECT message_id, message_type, message_name, sender, reason, payload_type, payload, posted_at"
                        + " FROM {message} WHERE run_no = ? AND consumed = 0 ORDER BY seq",
                values -> values.number(runNo),
                MessageRows::read);
    }

    /**
     * Takes messages from those pending; their ids stay. The locked row of the run keeps others from doing so.
     *
     * @return how many of them were pending
     */
    static int consume(Session session, long runNo, Set<String> messageIds) throws SQLException {
        Set<String> pending = new HashSet<>(session.list(
                "SELECT message_id FROM {message} WHERE run_no = ? AND consumed = 0",
                values -> values.number(runNo),
                Row::text));
        List<String> taken = messageIds.stream().filter(pending::contains).toList();
        session.each(
                "UPDATE {message} SET consumed = 1, payload = NULL, payload_type = NULL"
                        + " WHERE run_no = ? AND message_id = ?",
                taken,
                (values, id) -> values.number(runNo).text(id));
        return taken.size();
    }

    static void deleteAll(Session session, Collection<OpenRun> runs) throws SQLException {
        List<OpenRun> posted = runs.stream().filter(OpenRun::wasPostedTo).toList();
        session.each("DELETE FROM {message} WHERE run_no = ?", posted, (values, run) -> values.number(run.runNo()));
    }

    private static MessageRecord read(Row row) throws SQLException {
        Message message = new Message(
                row.text(),
                row.constant(MessageType.class),
                row.text(),
                row.text(),
                row.text(),
                RunRows.readPayload(row));
        return new MessageRecord(message, row.instant());
    }
}
