package dev.flowengine.flow;

import dev.flowengine.graph.Ports;
import dev.flowengine.node.AwaitedSignal;
import dev.flowengine.node.WaitingBody;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What can be wrong with nodes that wait. */
final class WaitChecks {
    private final Map<String, AwaitedSignal> signals = new HashMap<>();
    private final Map<String, String> firstToAwait = new HashMap<>();
    private final Report report;

    WaitChecks(Report report) {
        this.report = report;
    }

    void check(NodeDefinition node) {
        if (node.body().orElse(null) instanceof WaitingBody waiting) {
            waiting.signal().ifPresent(signal -> {
                checkName(node, signal);
                checkPorts(node, waiting, signal);
                checkSameEverywhere(node, signal);
            });
        }
    }

    private void checkName(NodeDefinition node, AwaitedSignal signal) {
        if (signal.name().startsWith(AwaitedSignal.RESERVED)) {
            report.add(
                    node.id(),
                    "node '" + node.id() + "' waits for signal '" + signal.name() + "', but names that begin with '"
                            + AwaitedSignal.RESERVED + "' are the engine's own",
                    "give the signal another name");
        }
    }

    private void checkPorts(NodeDefinition node, WaitingBody waiting, AwaitedSignal signal) {
        List<String> missing = new ArrayList<>(signal.choices());
        if (waiting.time().isPresent()) {
            missing.add(Ports.DEADLINE);
        }
        missing.removeAll(node.shape().outputs());
        if (!missing.isEmpty()) {
            report.add(
                    node.id(),
                    "node '" + node.id() + "' waits for signal '" + signal.name() + "' and would fire "
                            + String.join(", ", missing) + ", but declares the output ports "
                            + String.join(", ", node.shape().outputs()),
                    "declare the ports that are missing");
        }
    }

    /** Whoever sends a signal does not say to which node, so it has to be clear what comes with it. */
    private void checkSameEverywhere(NodeDefinition node, AwaitedSignal signal) {
        AwaitedSignal first = signals.putIfAbsent(signal.name(), signal);
        String other = firstToAwait.putIfAbsent(signal.name(), node.id());
        if (first != null && !first.equals(signal)) {
            report.add(
                    node.id(),
                    "nodes '" + other + "' and '" + node.id() + "' wait for signals of the name '" + signal.name()
                            + "', but one for " + text(first) + " and one for " + text(signal),
                    "give one of the signals another name");
        }
    }

    private static String text(AwaitedSignal signal) {
        return signal.choices().isEmpty() ? signal.type().toString() : "one of " + String.join(", ", signal.choices());
    }

    /** Takes what is wrong. */
    @FunctionalInterface
    interface Report {

        /** Adds something that is wrong with a node, and what to do about it. */
        void add(String node, String message, String resolution);
    }
}
