package dev.flowengine.architecture;

import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.LocationProvider;
import dev.flowengine.FlowEngine;
import dev.flowengine.model.NodeStatus;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.Set;

/** The compiled main classes of engine-core and of the vocabulary it shares with stores; no test class. */
final class EngineCoreClasses implements LocationProvider {

    @Override
    public Set<Location> get(Class<?> testClass) {
        return Set.of(locationOf(FlowEngine.class), locationOf(NodeStatus.class));
    }

    private static Location locationOf(Class<?> type) {
        URL origin = type.getProtectionDomain().getCodeSource().getLocation();
        try {
            return Location.of(origin.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(type + " comes from " + origin, e);
        }
    }
}
