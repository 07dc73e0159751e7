package dev.flowengine.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an error of a driver holds. */
final class SqlErrors {
    private static final int LONGEST_CHAIN = 32;

    private SqlErrors() {}

    /** An error, what comes after it and what caused it: drivers hide the cause of a failed batch in either. */
    static List<SQLException> chain(SQLException error) {
        List<SQLException> chain = new ArrayList<>();
        collect(error, chain);
        return chain;
    }

    private static void collect(@Nullable Throwable error, List<SQLException> chain) {
        if (error == null || chain.size() == LONGEST_CHAIN) {
            return;
        }
        if (error instanceof SQLException one && !chain.contains(one)) {
            chain.add(one);
            collect(one.getNextException(), chain);
        }
        if (error.getCause() != error) {
            collect(error.getCause(), chain);
        }
    }
}
