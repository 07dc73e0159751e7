package dev.flowengine.internal.machine;

import static dev.flowengine.internal.machine.Machine.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flowengine.flow.Flow;
import dev.flowengine.model.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TablesTest {

    @Test
    void a_list_of_ints_behaves_like_a_list() {
        Random random = new Random(42);
        IntList list = new IntList();
        List<Integer> model = new ArrayList<>();
        int longest = 0;

        for (int step = 0; step < 100_000; step++) {
            boolean grows = random.nextInt(100) < (step / 10_000 % 2 == 0 ? 60 : 40);
            if (grows || model.isEmpty()) {
                list.add(step);
                model.add(step);
                int index = random.nextInt(model.size());
                assertThat(list.get(index)).isEqualTo(model.get(index));
            } else {
                assertThat(list.removeLast()).isEqualTo(model.remove(model.size() - 1));
            }
            assertThat(list.size()).isEqualTo(model.size());
            longest = Math.max(longest, model.size());
        }
        assertThat(longest).isGreaterThan(1_000);
        list.clear();
        assertThat(list.isEmpty()).isTrue();
        list.add(7);
        assertThat(list.removeLast()).isEqualTo(7);
    }

    @Test
    @DisplayName("S10 null is a value: a port that fired null is told from one that did not fire")
    void a_slot_that_fired_null_fired() {
        Outputs outputs = new Outputs(3);
        outputs.fire(0, null);
        outputs.fire(1, "value");

        assertThat(IntStream.range(0, 3).filter(outputs::isFired)).containsExactly(0, 1);
        assertThat(outputs.get(0)).isNull();
        assertThat(outputs.get(1)).isEqualTo("value");
        assertThat(outputs.get(2)).isNull();
    }

    @Test
    void a_copy_does_not_see_what_fires_later() {
        Outputs outputs = new Outputs(2);
        outputs.fire(0, 1);
        Outputs copy = outputs.copy();

        outputs.fire(1, 2);

        assertThat(copy.get(0)).isEqualTo(1);
        assertThat(copy.isFired(1)).isFalse();
    }

    @Test
    void a_copy_of_the_node_table_does_not_follow_it() {
        Machine machine = Machine.ofTrigger(
                        Flow.definition("f").trigger("t").add(node("a")).connect("t", "a"))
                .start();
        NodeTable before = machine.machine.nodes().copy();

        machine.fail("a");

        int a = machine.number("a");
        assertThat(before.status(a)).isEqualTo(NodeStatus.QUEUED);
        assertThat(before.failure(a)).isNull();
        assertThat(before.rootFailure(a)).isNull();
        assertThat(machine.machine.nodes().copy().failure(a)).isNotNull();
    }

    @Test
    void effects_nobody_observes_gather_no_changes_but_every_start() {
        Effects effects = new Effects(false);
        effects.changed(1, NodeStatus.RUNNING);
        effects.addStart(5);
        effects.addStart(3);

        assertThat(effects.hasChanges()).isFalse();
        assertThat(effects.starts()).isEqualTo(2);
        assertThat(effects.start(0)).isEqualTo(5);
        assertThat(effects.start(1)).isEqualTo(3);
        effects.started();
        assertThat(effects.starts()).isZero();
    }
}
