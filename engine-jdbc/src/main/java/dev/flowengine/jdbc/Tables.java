package dev.flowengine.jdbc;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes statements for the tables of one store: in a template {@code {run}} stands for the table of that name, {@code
 * {now}} for the store's time, {@code {as-of}} for the store's time as an index can be searched for it, {@code {later}} for an instant a number of microseconds after it, {@code {by-key}} for
 * what makes a table be read in the order of its key, {@code {by-end}} for what makes runs be read in that of their ends, {@code
 * {soonest}} for the order of wake times within an edition, and {@code {oldest}} for that of ends within an outcome.
 */
final class Tables {
    private static final Pattern WORD = Pattern.compile("\\{([a-z_-]+)}");

    private final Map<String, String> written = new ConcurrentHashMap<>();
    private final Dialect dialect;
    private final String schema;
    private final String prefix;
    private final Supplier<Duration> offset;

    /**
     * Names tables.
     *
     * @param schema the schema; empty for that of the connection
     * @param offset how far the store's time is ahead of that of the database; nothing, but in tests
     */
    Tables(Dialect dialect, String schema, String prefix, Supplier<Duration> offset) {
        this.dialect = dialect;
        this.schema = schema;
        this.prefix = prefix;
        this.offset = offset;
    }

    String prefix() {
        return prefix;
    }

    /** What stands before the name of a table. */
    String qualifier() {
        return schema.isEmpty() ? prefix : schema + "." + prefix;
    }

    /** The statement of a template. */
    String sql(String template) {
        long ahead = micros(offset.get());
        if (ahead == 0) {
            return written.computeIfAbsent(template, one -> write(one, dialect.now()));
        }
        return write(template, dialect.later(dialect.now(), String.valueOf(ahead)));
    }

    private String write(String template, String now) {
        Matcher matcher = WORD.matcher(template);
        StringBuilder sql = new StringBuilder();
        while (matcher.find()) {
            String word = matcher.group(1);
            String text = switch (word) {
                case "now" -> now;
                case "as-of" -> dialect.once(now);
                case "later" -> dialect.later(now, "?");
                case "by-key" -> dialect.byKey();
                case "by-end" -> dialect.byIndex(prefix + "run_by_end");
                case "soonest" -> dialect.soonest();
                case "oldest" -> dialect.oldest();
                default -> qualifier() + word;
            };
            matcher.appendReplacement(sql, Matcher.quoteReplacement(text));
        }
        return matcher.appendTail(sql).toString();
    }

    /** Microseconds, rounded up, and at most a hundred years: further ahead nothing is judged. */
    static long micros(Duration duration) {
        Duration most = Duration.ofDays(36_500);
        Duration bounded = duration.compareTo(most) > 0 ? most : duration;
        return bounded.plusNanos(999).toNanos() / 1000;
    }
}
