/**
 * What a store of executions keeps, and the contract it fulfils: {@link ExecutionStore}.
 *
 * <p>This page holds for every method of every interface here.
 *
 * <p><b>Threads.</b> Stores are safe for use by many threads and, where they share data, by many processes at once. No
 * method calls back into its caller. All records are immutable.
 *
 * <p><b>Writes.</b> A method that has returned has made its writes durable, and every read that begins afterwards, in any
 * process, sees them. What one call is asked to do for <em>one run</em> it does completely or not at all. A method that
 * throws a {@link StoreException} has done nothing, unless the exception {@linkplain StoreException#isInDoubt() is in
 * doubt}: then each run's part has been done completely or not at all, and nobody knows which. Every write may therefore be
 * repeated, with exactly the same arguments; each method says what a repetition answers.
 *
 * <p><b>Time.</b> A store has one clock, {@link ExecutionStore#now()}: leases, wake times, expiry and the times of messages
 * are judged by it alone, never by the clock of a caller. In a SQL store it is one expression, and a store built for tests
 * adds an offset to it. Instants given by callers are data; an instant that a store judges ({@link Standing#due}) is
 * given in the store's time. Records cut instants to microseconds, and hold those before the year 1000 or after 9999 to
 * the nearest one within, so that every database can keep them.
 *
 * <p><b>Text.</b> Ids, names, messages and log lines may hold anything a Java string can: any Unicode, NUL, and halves of
 * surrogate pairs. A store keeps a text exactly as it is, or refuses what contains it with
 * {@link Rejection.Reason#UNSTORABLE_TEXT}; it never changes it, and never fails otherwise because of it. Well-formed text
 * without NUL is always kept. A read that asks for a text the store could not keep finds nothing. Texts are compared by
 * their characters: case, accents and trailing blanks make a difference. A store keeps ids and names of at least 255
 * characters, other texts of at least 10,000, and refuses longer ones that it cannot keep with
 * {@link Rejection.Reason#TOO_LARGE}.
 *
 * <p><b>Payloads</b> are bytes of any value and are never looked into. A store keeps at least 10 MiB in one payload and
 * refuses what it cannot keep with {@link Rejection.Reason#TOO_LARGE}.
 *
 * <p><b>Errors.</b> A wrong argument of one run is the answer for that run and harms no other. A store that cannot do its
 * work throws a {@link StoreException} from every method. It throws nothing else, but for arguments that make no sense
 * whatever the store, such as a lease that is not positive: these are an {@link IllegalArgumentException}.
 */
@NullMarked
package dev.flowengine.persistence;

import org.jspecify.annotations.NullMarked;
