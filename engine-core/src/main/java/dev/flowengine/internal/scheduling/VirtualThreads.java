package dev.flowengine.internal.scheduling;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Virtual threads, where the running Java has them (21 and later): found by name, because the code compiles on 17. */
final class VirtualThreads {
    private VirtualThreads() {}

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
            MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
            return (ThreadFactory) factory.invoke(named.invoke(start.invoke(), name));
        } catch (Throwable e) {
            throw new IllegalStateException(
                    "this Java reports version " + Runtime.version() + " but has no virtual threads; set bodyExecutor",
                    e);
        }
    }
}
