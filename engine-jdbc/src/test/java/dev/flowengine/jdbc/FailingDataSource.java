package dev.flowengine.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;

/** A data source whose connections break at a chosen round trip to the database: before it is made, or after. */
final class FailingDataSource extends PlainDataSource {
    private static final Set<String> ROUND_TRIPS =
            Set.of("execute", "executeQuery", "executeUpdate", "executeBatch", "commit");

    private final DataSource inner;
    private int left = Integer.MAX_VALUE;
    private boolean afterwards;
    private boolean staysUp;
    private boolean atCommit;

    FailingDataSource(DataSource inner) {
        this.inner = inner;
    }

    /** Breaks the connection in place of the n-th round trip from now on. */
    void breakAt(int roundTrip) {
        left = roundTrip;
        afterwards = false;
        staysUp = false;
    }

    /** Fails in place of the n-th round trip from now on and at each way back, while the connection stays up. */
    void failAt(int roundTrip) {
        breakAt(roundTrip);
        staysUp = true;
    }

    /** Breaks the connection after the n-th round trip from now on, whose answer is lost. */
    void breakAfter(int roundTrip) {
        left = roundTrip;
        afterwards = true;
        staysUp = false;
    }

    void heal() {
        left = Integer.MAX_VALUE;
    }

    /** Whether what broke was a commit. */
    boolean brokeAtCommit() {
        return atCommit;
    }

    boolean isBroken() {
        return left <= 0;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = inner.getConnection();
        return wrap(Connection.class, connection, connection);
    }

    private <T> T wrap(Class<T> type, Object target, Connection connection) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (staysUp && isBroken() && method.getName().equals("rollback")) {
                throw new SQLException("nobody answers", "08000");
            }
            Object answer = ROUND_TRIPS.contains(method.getName())
                    ? roundTrip(target, method, arguments, connection)
                    : invoke(target, method, arguments);
            return answer instanceof Statement ? wrap(method.getReturnType(), answer, connection) : answer;
        };
        return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Object roundTrip(Object target, Method method, Object[] arguments, Connection connection) throws Throwable {
        left--;
        if (left != 0) {
            return invoke(target, method, arguments);
        }
        atCommit = method.getName().equals("commit");
        if (afterwards) {
            invoke(target, method, arguments);
        }
        if (staysUp) {
            throw new SQLException("too much to do", "57014");
        }
        // The database undoes what was not committed, as after a cut cable.
        connection.unwrap(Connection.class).abort(Runnable::run);
        throw new SQLException("the cable was cut", "08006");
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
