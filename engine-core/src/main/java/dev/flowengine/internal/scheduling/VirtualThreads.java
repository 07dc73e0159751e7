package dev.flowengine.internal.scheduling;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Virtual threads, where the running Java has them (21 and later): found by name, because the code compiles on 17. */
final class VirtualThreads {
    private static final Thread.UncaughtExceptionHandler MARK = new Mark();

    private VirtualThreads() {}

    /** Whether a thread was made by a factory of these. */
    static boolean isOurs(Thread thread) {
        return thread.getUncaughtExceptionHandler() instanceof Mark;
    }

    /** Whether such a thread that blocks while it holds a monitor, as database drivers do, lets others run (JEP 491). */
    static boolean yieldInMonitors() {
        return Runtime.version().feature() >= 24;
    }

    /** A factory of virtual threads of one name, or null if there are none. */
    static @Nullable ThreadFactory factory(String name) {
        if (Runtime.version().feature() < 21) {
            return null;
        }
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandle start = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual));
            MethodHandle named = lookup.findVirtual(builder, "name", MethodType.methodType(builder, String.class));
            MethodHandle marked = lookup.findVirtual(
                    builder,
                    "uncaughtExceptionHandler",
                    MethodType.methodType(builder, Thread.UncaughtExceptionHandler.class));
            MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
            return (ThreadFactory) factory.invoke(marked.invoke(named.invoke(start.invoke(), name), MARK));
        } catch (Throwable e) {
            throw new IllegalStateException(
                    "this Java reports version " + Runtime.version() + " but has no virtual threads; set bodyExecutor",
                    e);
        }
    }

    /**
     * Does what would be done without it, and marks our threads: a thread-local variable in each would cost as much as the
     * thread.
     */
    private static final class Mark implements Thread.UncaughtExceptionHandler {
        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {
            thread.getThreadGroup().uncaughtException(thread, thrown);
        }
    }
}
