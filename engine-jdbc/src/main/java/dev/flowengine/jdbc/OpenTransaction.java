package dev.flowengine.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** Connections whose transaction is not to be ended by who is given them. */
final class OpenTransaction {
    private static final Set<String> ENDS = Set.of("commit", "close", "setAutoCommit", "abort");

    private OpenTransaction() {}

    /** A connection that does what another one does, but does not end its transaction. */
    static Connection over(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                OpenTransaction.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    // With a savepoint, it undoes a part and goes on.
                    boolean undoesAll = method.getName().equals("rollback") && arguments == null;
                    if (undoesAll || ENDS.contains(method.getName())) {
                        throw new SQLException(
                                method.getName() + " is not the body's to call: the transaction is committed"
                                        + " when the body returns, and undone when it throws");
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
