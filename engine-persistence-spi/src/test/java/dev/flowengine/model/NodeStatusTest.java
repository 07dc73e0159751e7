package dev.flowengine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("S8 the life of a node")
class NodeStatusTest {
    private static final LifeCycle ALLOWED = new LifeCycle("""
            IDLE -> QUEUED SKIPPED CANCELLED
            QUEUED -> RUNNING COMPLETED FAILED SKIPPED CANCELLED
            RUNNING -> WAITING COMPLETED FAILED SKIPPED CANCELLED
            WAITING -> RUNNING COMPLETED FAILED SKIPPED CANCELLED
            """);

    static Stream<Arguments> pairs() {
        return Stream.of(NodeStatus.values())
                .flatMap(from -> Stream.of(NodeStatus.values()).map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void only_the_changes_of_the_contract_are_allowed(NodeStatus from, NodeStatus to) {
        assertThat(from.canBecome(to)).isEqualTo(ALLOWED.allows(from, to));
    }

    @Test
    void the_table_covers_every_change_once() {
        long allowed = Stream.of(NodeStatus.values())
                .flatMap(from -> Stream.of(NodeStatus.values()).filter(from::canBecome))
                .count();

        assertThat(allowed).isEqualTo(ALLOWED.size()).isEqualTo(18);
    }

    @ParameterizedTest
    @EnumSource(
            value = NodeStatus.class,
            names = {"COMPLETED", "FAILED", "SKIPPED", "CANCELLED"})
    @DisplayName("S44 settled is final")
    void a_settled_node_never_changes_again(NodeStatus settled) {
        assertThat(settled.isSettled()).isTrue();
        assertThat(NodeStatus.values()).noneMatch(settled::canBecome);
    }

    @ParameterizedTest
    @EnumSource(
            value = NodeStatus.class,
            names = {"IDLE", "QUEUED", "RUNNING", "WAITING"})
    void an_open_node_can_always_be_cancelled_and_never_becomes_what_it_is(NodeStatus open) {
        assertThat(open.isSettled()).isFalse();
        assertThat(open.canBecome(NodeStatus.CANCELLED)).isTrue();
        assertThat(open.canBecome(open)).isFalse();
    }

    @Test
    void nothing_becomes_idle_again() {
        assertThat(NodeStatus.values()).noneMatch(status -> status.canBecome(NodeStatus.IDLE));
    }
}
