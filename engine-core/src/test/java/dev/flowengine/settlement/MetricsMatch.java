package dev.flowengine.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.execution.CriticalPath;
import dev.flowengine.execution.ExecutionMetrics;
import dev.flowengine.execution.ExecutionSnapshot;
import dev.flowengine.execution.ExecutionTiming;
import dev.flowengine.execution.NodeDuration;
import dev.flowengine.execution.NodeState;
import dev.flowengine.graph.Connection;
import dev.flowengine.graph.OrderDependency;
import dev.flowengine.model.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds the metrics of a snapshot against its nodes, each by its definition and none by the way it is computed. */
final class MetricsMatch {
    private final ExecutionSnapshot snapshot;
    private final ExecutionMetrics metrics;
    private final Map<String, NodeState> states;

    MetricsMatch(ExecutionSnapshot snapshot) {
        this.snapshot = snapshot;
        this.metrics = snapshot.metrics();
        this.states = snapshot.nodes().stream().collect(Collectors.toMap(NodeState::nodeId, Function.identity()));
    }

    void mustAgree() {
        for (NodeStatus status : NodeStatus.values()) {
            assertThat(metrics.totals().get(status))
                    .as("nodes that are %s", status)
                    .isEqualTo(count(states.values().stream().filter(node -> node.status() == status)));
        }
        assertThat(metrics.handledFailures())
                .isEqualTo(count(states.values().stream()
                        .filter(node -> node.handledFailure().isPresent())));
        assertThat(metrics.timing().isPresent())
                .as("timing")
                .isEqualTo(states.values().stream().anyMatch(node -> busy(node).isPresent()));
        metrics.timing().ifPresent(this::mustAgree);
    }

    private void mustAgree(ExecutionTiming timing) {
        List<NodeState> timed =
                states.values().stream().filter(node -> busy(node).isPresent()).toList();
        Duration sum = timed.stream().map(node -> busy(node).orElseThrow()).reduce(Duration.ZERO, Duration::plus);
        assertThat(timing.busy()).isEqualTo(sum);
        assertThat(timing.mean()).isEqualTo(Duration.ofNanos(sum.toNanos() / timed.size()));
        assertThat(timing.longest().duration())
                .isEqualTo(timed.stream()
                        .map(node -> busy(node).orElseThrow())
                        .max(Comparator.naturalOrder())
                        .orElseThrow());
        assertThat(timing.bottlenecks())
                .isSortedAccordingTo(
                        Comparator.comparing(NodeDuration::duration).reversed())
                .hasSize(count(timed.stream()
                        .filter(node -> busy(node).orElseThrow().multipliedBy(5).compareTo(metrics.wallTime()) > 0)));
        assertThat(timing.utilisation()).isBetween(0.0, 1.0);
        mustBeAPath(timing.criticalPath(), timed);
    }

    private void mustBeAPath(CriticalPath path, List<NodeState> timed) {
        List<NodeState> nodes = path.nodes().stream().map(states::get).toList();
        Instant last =
                timed.stream().map(this::end).max(Comparator.naturalOrder()).orElseThrow();
        assertThat(end(nodes.get(nodes.size() - 1))).as("end of %s", path).isEqualTo(last);
        Duration sum = Duration.ZERO;
        for (int i = nodes.size() - 1; i >= 0; i--) {
            sum = sum.plus(busy(nodes.get(i)).orElse(Duration.ZERO));
            if (i > 0) {
                mustFollow(nodes.get(i - 1), nodes.get(i));
            }
        }
        assertThat(path.busy()).isEqualTo(sum).isLessThanOrEqualTo(metrics.wallTime());
    }

    private void mustFollow(NodeState source, NodeState target) {
        List<String> sources = sourcesOf(target);
        assertThat(sources).as("sources of %s", target.nodeId()).contains(source.nodeId());
        if (busy(source).isPresent() && busy(target).isPresent()) {
            Instant start = target.startedAt().orElseThrow();
            Instant latest = sources.stream()
                    .map(states::get)
                    .filter(state -> busy(state).isPresent() && !end(state).isAfter(start))
                    .map(this::end)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            assertThat(end(source)).as("%s before %s", source, target).isEqualTo(latest);
        }
    }

    private List<String> sourcesOf(NodeState target) {
        Stream<String> connections = snapshot.graph().connections().stream()
                .filter(connection -> connection.to().equals(target.nodeId()))
                .filter(connection ->
                        target.decidedBy().isEmpty() || target.decidedBy().contains(connection))
                .map(Connection::from);
        Stream<String> orders = snapshot.graph().orderDependencies().stream()
                .filter(order -> order.to().equals(target.nodeId()))
                .map(OrderDependency::from);
        return Stream.concat(connections, orders).filter(states::containsKey).toList();
    }

    private Optional<Duration> busy(NodeState node) {
        boolean timed =
                node.startedAt().isPresent() && (node.endedAt().isPresent() || node.status() == NodeStatus.RUNNING);
        return timed ? Optional.of(Duration.between(node.startedAt().get(), end(node))) : Optional.empty();
    }

    /** Its end; now, if it runs, which is no earlier than anything that has happened. */
    private Instant end(NodeState node) {
        Instant now = snapshot.startedAt().plus(metrics.wallTime());
        Instant end = node.endedAt().orElse(now);
        Instant start = node.startedAt().orElse(end);
        return end.isBefore(start) ? start : end;
    }

    private static int count(Stream<?> items) {
        return (int) items.count();
    }
}
