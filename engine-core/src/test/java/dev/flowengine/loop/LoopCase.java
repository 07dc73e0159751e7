package dev.flowengine.loop;

import dev.flowengine.flow.BranchRef;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowBuilder;
import dev.flowengine.flow.InputSpec;
import dev.flowengine.flow.ItemRef;
import dev.flowengine.flow.LoopRef;
import dev.flowengine.flow.MapRef;
import dev.flowengine.flow.NodeRef;
import dev.flowengine.node.Items;
import dev.flowengine.node.NodeContext;
import dev.flowengine.node.Output;
import dev.flowengine.node.Tolerance;
import dev.flowengine.node.TypeRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A random flow of nodes, branches, merges and nested loops, and maps if they are wanted, over whole numbers. */
final class LoopCase {
    private static final int DEEPEST = 3;

    private final Random random;
    private final boolean withMaps;
    private final FlowBuilder builder;
    private final Map<Source, Output<Integer>> handles = new HashMap<>();
    /** What bodies were called with. */
    final Queue<String> calls = new ConcurrentLinkedQueue<>();

    final Node trigger = new Node("t", Kind.ITEM, List.of(), false);
    final List<Node> nodes;
    final Flow flow;
    private final Deque<Node> around = new ArrayDeque<>();
    private final Set<String> mendable = new HashSet<>();
    private volatile boolean broken;
    private int count;

    LoopCase(long seed, boolean withMaps) {
        this.withMaps = withMaps;
        random = new Random(seed);
        builder = Flow.builder("random" + seed);
        handles.put(trigger.main(), builder.trigger("t", Integer.class));
        nodes = nodes(List.of(trigger.main()), List.of(trigger.main()), 0);
        flow = builder.build();
    }

    /** From now on some calls fail that would not, or no more: only such that nothing handles, unless an outermost map tolerates it. */
    void breakDown(boolean failing) {
        broken = failing;
    }

    /** Whether a call fails that would not. */
    boolean isBroken(String node, String call) {
        return broken && mendable.contains(node) && Math.floorMod(31 * call.hashCode(), 4) == 0;
    }

    private boolean isMendable(Node node) {
        List<Node> handling =
                around.stream().filter(loop -> loop.fallback || loop.lanes > 1).toList();
        boolean onlyOutermost = handling.isEmpty() || (handling.size() == 1 && handling.get(0) == around.peekLast());
        return !node.fallback && onlyOutermost && (handling.isEmpty() || handling.get(0).lanes > 0);
    }

    enum Kind {
        ITEM,
        VALUE,
        BRANCH,
        MERGE,
        LOOP
    }

    /** A node; the value of a loop is the sum of what its iterations brought back. */
    static final class Node {
        final String id;
        final Kind kind;
        final List<Source> inputs;
        final boolean fallback;
        List<Node> body = List.of();
        /** How many items a map has in work at once, if it is one: with more than one it tolerates all failures. */
        int lanes;

        @Nullable
        Node item;

        @Nullable
        Source result;

        @Nullable
        Source sign;

        Node(String id, Kind kind, List<Source> inputs, boolean fallback) {
            this.id = id;
            this.kind = kind;
            this.inputs = inputs;
            this.fallback = fallback;
        }

        Source main() {
            return new Source(this, "main");
        }
    }

    /** An output. */
    record Source(Node node, String port) {}

    /** What a node makes of its inputs, unless it fails. */
    static int value(String id, List<Integer> inputs) {
        int sum = inputs.stream().mapToInt(n -> n).sum();
        int value = Math.floorMod(31 * sum + id.hashCode(), 1_000);
        if (value % 23 == 0) {
            throw new IllegalStateException("will not take " + sum);
        }
        return value;
    }

    /** What a loop goes through. */
    static List<Integer> items(int value) {
        return IntStream.range(value, value + value % 4).boxed().toList();
    }

    private List<Node> nodes(List<Source> around, List<Source> inside, int depth) {
        List<Source> known = new ArrayList<>(around);
        List<Source> own = new ArrayList<>(inside);
        List<Node> made = new ArrayList<>();
        int size = 2 + random.nextInt(4);
        for (int i = 0; i < size; i++) {
            Node node = node(known, own, depth);
            made.add(node);
            for (Source output : outputs(node)) {
                known.add(output);
                own.add(output);
            }
        }
        return made;
    }

    private static List<Source> outputs(Node node) {
        return node.kind == Kind.BRANCH
                ? List.of(new Source(node, "even"), new Source(node, "odd"))
                : List.of(node.main());
    }

    private Node node(List<Source> known, List<Source> own, int depth) {
        int dice = random.nextInt(10);
        boolean fallback = random.nextInt(3) == 0;
        if (dice < 2) {
            return branch(new Node("branch" + count++, Kind.BRANCH, pick(own, known, 1), false));
        }
        if (dice < 4) {
            return merge(new Node("merge" + count++, Kind.MERGE, pick(own, known, 2), false));
        }
        if (dice < 7 && depth < DEEPEST) {
            return loop(new Node("loop" + count++, Kind.LOOP, pick(own, known, 1), fallback), known, depth);
        }
        return valueNode(new Node("node" + count++, Kind.VALUE, pick(own, known, 1 + random.nextInt(2)), fallback));
    }

    /** Different outputs, the first of the same body, without which the node would not belong to it. */
    private List<Source> pick(List<Source> own, List<Source> known, int number) {
        List<Source> picked = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            List<Source> from = i == 0 ? own : known;
            int back = (int) (from.size() * random.nextDouble() * random.nextDouble());
            Source source = from.get(from.size() - 1 - back);
            if (!picked.contains(source)) {
                picked.add(source);
            }
        }
        return picked;
    }

    private Node valueNode(Node node) {
        Output<Integer> first = handle(node.inputs.get(0));
        NodeRef<Integer> ref = node.inputs.size() == 1
                ? builder.contextNode(node.id, first, (n, context) -> called(context, List.of(n)))
                : builder.contextNode(
                        node.id,
                        InputSpec.of(first, handle(node.inputs.get(1))),
                        (in, context) -> called(context, List.of(in.get(first), in.get(handle(node.inputs.get(1))))));
        ref.returns(Integer.class);
        if (isMendable(node)) {
            mendable.add(node.id);
        }
        if (node.fallback) {
            ref.fallback(-1);
        }
        handles.put(node.main(), ref);
        return node;
    }

    private Node branch(Node node) {
        BranchRef<Integer> ref = builder.<Integer>branch(node.id, handle(node.inputs.get(0)))
                .when("even", n -> n % 2 == 0)
                .otherwise("odd");
        handles.put(new Source(node, "even"), ref.on("even"));
        handles.put(new Source(node, "odd"), ref.on("odd"));
        return node;
    }

    private Node merge(Node node) {
        handles.put(
                node.main(),
                node.inputs.size() == 1
                        ? builder.merge(node.id, handle(node.inputs.get(0)))
                        : builder.merge(node.id, handle(node.inputs.get(0)), handle(node.inputs.get(1))));
        return node;
    }

    private Node loop(Node node, List<Source> known, int depth) {
        NodeRef<List<Integer>> items = builder.node(node.id + "items", handle(node.inputs.get(0)), LoopCase::items)
                .returns(new TypeRef<List<Integer>>() {});
        Output<List<Integer>> ref = withMaps && random.nextInt(4) > 0
                ? map(node, items, known, depth)
                : iterated(node, items, known, depth);
        NodeRef<Integer> sum = builder.node(
                        node.id + "sum",
                        ref,
                        all -> all.stream().mapToInt(n -> n).sum())
                .returns(Integer.class);
        handles.put(node.main(), sum);
        return node;
    }

    private Output<List<Integer>> iterated(Node node, NodeRef<List<Integer>> items, List<Source> known, int depth) {
        LoopRef<Integer> ref = builder.loop(node.id, items, each -> body(node, each, known, depth));
        return node.fallback ? ref.fallback(List.of(-1)) : ref;
    }

    private Output<List<Integer>> map(Node node, NodeRef<List<Integer>> items, List<Source> known, int depth) {
        node.lanes = 1 + random.nextInt(3);
        MapRef<Integer> ref = random.nextBoolean()
                ? builder.map(node.id, items, each -> body(node, each, known, depth))
                : builder.<List<Integer>, Integer, Integer>mapOver(
                        node.id,
                        items,
                        all -> Items.of(all.stream()),
                        each -> body(node, each.returns(Integer.class), known, depth));
        ref.concurrency(node.lanes);
        if (node.lanes > 1) {
            ref.tolerate(Tolerance.ofPercent(100));
        }
        return node.fallback ? ref.fallback(List.of(-1)) : ref;
    }

    private Output<Integer> body(Node loop, Output<Integer> each, List<Source> known, int depth) {
        around.push(loop);
        Node given = new Node(loop.id, Kind.ITEM, List.of(), false);
        loop.item = given;
        handles.put(given.main(), each);
        Node first = valueNode(new Node("node" + count++, Kind.VALUE, List.of(given.main()), random.nextBoolean()));
        List<Source> inside = List.of(given.main(), first.main());
        List<Source> all = new ArrayList<>(known);
        all.addAll(inside);
        List<Node> body = new ArrayList<>(List.of(first));
        body.addAll(nodes(all, inside, depth + 1));
        loop.body = body;
        Source result = resultOf(body.get(random.nextInt(body.size())));
        loop.result = result;
        if (random.nextInt(3) == 0 && each instanceof ItemRef<Integer> item) {
            Source sign = resultOf(body.get(random.nextInt(body.size())));
            loop.sign = sign;
            item.breakOn(handle(sign));
        }
        around.pop();
        return handle(result);
    }

    private static Source resultOf(Node node) {
        return node.kind == Kind.BRANCH ? new Source(node, "odd") : node.main();
    }

    private Output<Integer> handle(Source source) {
        Output<Integer> handle = handles.get(source);
        if (handle == null) {
            throw new IllegalStateException("no handle of " + source);
        }
        return handle;
    }

    private int called(NodeContext context, List<Integer> inputs) {
        String key = context.idempotencyKey();
        String call = key.substring(key.indexOf('/') + 1) + inputs;
        calls.add(call);
        if (isBroken(context.nodeId(), call)) {
            throw new IllegalStateException("broken: " + call);
        }
        return value(context.nodeId(), inputs);
    }
}
