package dev.flowengine.persistence;

import java.util.Objects;
import java.util.Optional;

/**
 * Something anybody, in any process, asks of the owner of a run.
 *
 * @param messageId unique within the run; who repeats a post repeats the id
 * @param type what is asked
 * @param name of a signal, its name; empty otherwise
 * @param sender who asks, such as a user; may be empty
 * @param reason why, for people; may be empty
 * @param payload what comes with it
 */
public record Message(
        String messageId, MessageType type, String name, String sender, String reason, Optional<Payload> payload) {

    /** Refuses null. */
    public Message {
        Objects.requireNonNull(messageId, "messageId");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(payload, "payload");
    }

    /**
     * A control action.
     *
     * @param messageId its id
     * @param type what is asked
     * @param sender who asks; may be empty
     * @param reason why; may be empty
     * @return the message
     */
    public static Message control(String messageId, MessageType type, String sender, String reason) {
        return new Message(messageId, type, "", sender, reason, Optional.empty());
    }

    /**
     * A signal.
     *
     * @param messageId its id
     * @param name name of the signal
     * @param sender who sends it; may be empty
     * @param payload its value
     * @return the message
     */
    public static Message signal(String messageId, String name, String sender, Payload payload) {
        return new Message(messageId, MessageType.SIGNAL, name, sender, "", Optional.of(payload));
    }
}
