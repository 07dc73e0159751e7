package dev.flowengine.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which nodes are out, and which are held back. */
class DispatchTest {
    private final Effects effects = new Effects(true);
    private final ReadyQueue queue = new ReadyQueue(8);
    private final Dispatch dispatch = new Dispatch(effects, queue);

    private List<Integer> starts() {
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < effects.starts(); i++) {
            starts.add(effects.start(i));
        }
        return starts;
    }

    @Test
    void is_idle_when_everything_came_back() {
        assertThat(dispatch.isIdle()).isTrue();
        dispatch.start(1);
        dispatch.sentOut();
        dispatch.cameBack();
        assertThat(dispatch.isIdle()).isFalse();
        dispatch.cameBack();
        assertThat(dispatch.isIdle()).isTrue();
    }

    @Test
    @DisplayName("S25 a hold takes back what was to start, and what waits for a worker; a release gives all of it out")
    void a_hold_takes_back_and_a_release_gives_out() {
        dispatch.start(1);
        effects.started();
        queue.add(1);
        dispatch.start(2);
        dispatch.hold();
        dispatch.start(3);
        assertThat(starts()).isEmpty();
        assertThat(queue.poll()).isEqualTo(ReadyQueue.EMPTY);
        assertThat(dispatch.isIdle()).isTrue();
        assertThat(dispatch.isHolding()).isTrue();

        dispatch.release();
        assertThat(starts()).containsExactly(2, 3);
        assertThat(queue.poll()).isEqualTo(1);
        assertThat(dispatch.isIdle()).isFalse();
        for (int i = 0; i < 3; i++) {
            dispatch.cameBack();
        }
        assertThat(dispatch.isIdle()).isTrue();
    }

    @Test
    void a_node_is_taken_back_where_it_is() {
        dispatch.start(1);
        dispatch.start(2);
        assertThat(dispatch.takeBack(1)).as("about to start").isTrue();
        assertThat(starts()).containsExactly(2);
        dispatch.hold();
        assertThat(dispatch.takeBack(2)).as("held").isTrue();
        assertThat(dispatch.takeBack(2)).as("gone").isFalse();
        assertThat(dispatch.isIdle()).isTrue();
    }

    @Test
    @DisplayName("S26 once stopped nothing starts, and what did not start is told, however often it is stopped")
    void a_stop_is_for_good() {
        dispatch.start(1);
        effects.started();
        queue.add(1);
        dispatch.start(2);
        dispatch.stop();
        dispatch.stop();
        dispatch.start(3);
        assertThat(dispatch.isStopped()).isTrue();
        assertThat(dispatch.isHolding()).isFalse();
        assertThat(dispatch.isIdle()).isTrue();
        assertThat(starts()).isEmpty();
        IntList unstarted = dispatch.unstarted();
        assertThat(List.of(unstarted.get(0), unstarted.get(1), unstarted.get(2)))
                .containsExactly(2, 3, 1);
    }

    @Test
    void a_node_waits_until_it_waits_no_more() {
        dispatch.backsOff(4);
        assertThat(dispatch.isWaiting()).isTrue();
        assertThat(dispatch.isBackingOff(4)).isTrue();
        assertThat(dispatch.waitsNoMore(4)).isTrue();
        assertThat(dispatch.waitsNoMore(4)).isFalse();
        assertThat(dispatch.isWaiting()).isFalse();
    }
}
