package dev.flowengine.internal.journal;

import dev.flowengine.flow.Flow;
import dev.flowengine.flow.NodeDefinition;
import dev.flowengine.graph.Connection;
import dev.flowengine.internal.layout.PlanLayout;
import dev.flowengine.internal.layout.Target;
import dev.flowengine.internal.machine.NodeFailure;
import dev.flowengine.internal.machine.ReusedItems;
import dev.flowengine.internal.machine.RunInputs;
import dev.flowengine.model.FailureKind;
import dev.flowengine.model.FlowError;
import dev.flowengine.node.PortValues;
import dev.flowengine.node.TypeRef;
import dev.flowengine.persistence.ConnectionRecord;
import dev.flowengine.persistence.Payload;
import dev.flowengine.persistence.RunInput;
import dev.flowengine.persistence.StartKind;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a run was started, as bytes of the engine's own: a version, then the options, then the values by node and port, each as
 * the payload codec writes it. Thread-safe.
 */
public final class StartCodec {
    private static final String CONTENT_TYPE = "application/vnd.flowengine.start";
    private static final int VERSION = 2;
    /** Of a run that a node of another one has started. */
    private static final int VERSION_OF_CHILD = 3;
    /** Of a run that takes items over, which no node of another one has started. */
    private static final int VERSION_WITH_ITEMS = 4;

    private static final TypeRef<Object> PLAIN = TypeRef.of(Object.class);

    private final Payloads payloads;

    /**
     * Creates a codec.
     *
     * @param payloads encodes and decodes values
     */
    public StartCodec(Payloads payloads) {
        this.payloads = payloads;
    }

    /**
     * Encodes a start.
     *
     * @param flow the flow
     * @param layout what runs of it
     * @param start the start
     * @return the bytes
     * @throws dev.flowengine.model.FlowException of kind {@code SERIALIZATION} or {@code LIMIT_EXCEEDED} for a value that
     *     cannot be kept
     */
    public Payload encode(Flow flow, PlanLayout layout, StoredStart start) {
        return encode(flow, layout, start, payload -> payload);
    }

    private static int version(StoredStart start) {
        if (!start.inputs().items().isEmpty()) {
            return VERSION_WITH_ITEMS;
        }
        return start.caller() == null ? VERSION : VERSION_OF_CHILD;
    }

    private Payload encode(Flow flow, PlanLayout layout, StoredStart start, UnaryOperator<Payload> change) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            StoredStart.Caller caller = start.caller();
            out.writeByte(version(start));
            if (caller != null) {
                writeCaller(out, caller);
            }
            Target target = start.target();
            writeText(out, target == null ? null : target.nodeId());
            out.writeBoolean(target != null && target.included());
            out.writeInt(start.given().size());
            for (String id : new TreeSet<>(start.given())) {
                writeText(out, id);
            }
            writeText(
                    out,
                    Optional.ofNullable(start.timeout()).map(Duration::toString).orElse(null));
            writeText(
                    out,
                    Optional.ofNullable(start.deadline()).map(Instant::toString).orElse(null));
            out.writeInt(start.automatic());
            new Writing(out, flow, layout, change).write(start.inputs());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Payload.of(CONTENT_TYPE, bytes.toByteArray());
    }

    /**
     * Makes a text of a start that is equal for starts that begin at the same place and are given the same: their limits may
     * differ.
     *
     * @param flow the flow
     * @param layout what runs of it
     * @param kind what belongs to the run
     * @param start the start
     * @param input what is kept of it
     * @return the text
     */
    public String digest(Flow flow, PlanLayout layout, StartKind kind, StoredStart start, RunInput input) {
        Payload given = encode(flow, layout, start.withoutLimits(), BlobReference::content);
        Sha256 sha = new Sha256()
                .add(kind.name())
                .add(layout.definition(layout.startNode()).id());
        input.data().ifPresent(data -> sha.add(BlobReference.content(data).bytes()));
        return sha.add(given.bytes()).hex();
    }

    /**
     * Decodes a start.
     *
     * @param stored the bytes
     * @param flow the flow
     * @param triggerData what its trigger was fired with
     * @param plan lays out what ran, by the node to stop after and the nodes whose outputs were given
     * @return the start
     * @throws dev.flowengine.model.FlowException of kind {@code SERIALIZATION} if they cannot be read
     */
    public StoredStart decode(
            Payload stored, Flow flow, @Nullable Object triggerData, Function<StoredStart, PlanLayout> plan) {
        Payload payload = payloads.fetched(stored);
        try (DataInputStream in = new DataInputStream(payload.inputStream())) {
            int version = in.readByte();
            boolean known = version >= VERSION && version <= VERSION_WITH_ITEMS;
            if (!payload.contentType().equals(CONTENT_TYPE) || !known) {
                throw new IOException("it is of " + payload.contentType() + " version " + version);
            }
            StoredStart.Caller caller = version == VERSION_OF_CHILD ? readCaller(in) : null;
            String upTo = readText(in);
            boolean included = in.readBoolean();
            TreeSet<String> given = new TreeSet<>();
            for (int left = in.readInt(); left > 0; left--) {
                given.add(required(readText(in)));
            }
            String timeout = readText(in);
            String deadline = readText(in);
            StoredStart start = new StoredStart(
                    upTo == null ? null : new Target(upTo, included),
                    given,
                    timeout == null ? null : Duration.parse(timeout),
                    deadline == null ? null : Instant.parse(deadline),
                    in.readInt(),
                    new RunInputs(triggerData, null, Map.of(), Map.of()),
                    caller);
            return start.with(
                    new Reading(in, flow, plan.apply(start)).inputs(triggerData, version == VERSION_WITH_ITEMS));
        } catch (IOException | IllegalArgumentException broken) {
            throw dev.flowengine.model.FlowException.of(
                            FailureKind.SERIALIZATION,
                            "what is kept of how the execution was started cannot be read: " + broken)
                    .cause(broken)
                    .suggestedResolution("Go on with it on an engine of the version that started it.")
                    .build();
        }
    }

    private static void writeCaller(DataOutputStream out, StoredStart.Caller caller) throws IOException {
        out.writeBoolean(caller.awaits());
        out.writeInt(caller.flows().size());
        for (String flow : caller.flows()) {
            writeText(out, flow);
        }
    }

    private static StoredStart.Caller readCaller(DataInputStream in) throws IOException {
        boolean awaits = in.readBoolean();
        List<String> flows = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            flows.add(required(readText(in)));
        }
        return new StoredStart.Caller(flows, awaits);
    }

    static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        out.writeInt(text.length());
        out.writeChars(text);
    }

    static @Nullable String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(in.readChar());
        }
        return text.toString();
    }

    static String required(@Nullable String text) throws IOException {
        if (text == null) {
            throw new IOException("a text is missing");
        }
        return text;
    }

    /** The type of what arrives at a port: as declared, or that of what feeds it. */
    private static TypeRef<?> inputType(Flow flow, NodeDefinition node, String port) {
        return node.inputType(port)
                .or(() -> flow.graph().connections().stream()
                        .filter(connection -> connection.to().equals(node.id())
                                && connection.toPort().equals(port)
                                && !isCollecting(node, port))
                        .findFirst()
                        .flatMap(connection -> flow.node(connection.from())
                                .flatMap(source -> Payloads.typeOf(source, connection.fromPort()))))
                .orElse(PLAIN);
    }

    private static boolean isCollecting(NodeDefinition node, String port) {
        return node.shape().inputs().stream().anyMatch(input -> input.name().equals(port) && input.collecting());
    }

    /** Writes values. */
    private final class Writing {
        private final DataOutputStream out;
        private final Flow flow;
        private final PlanLayout layout;
        private final UnaryOperator<Payload> change;

        Writing(DataOutputStream out, Flow flow, PlanLayout layout, UnaryOperator<Payload> change) {
            this.out = out;
            this.flow = flow;
            this.layout = layout;
            this.change = change;
        }

        void write(RunInputs inputs) throws IOException {
            PortValues startInput = inputs.startInput();
            out.writeBoolean(startInput != null);
            if (startInput != null) {
                received(layout.definition(layout.startNode()), startInput);
            }
            out.writeInt(inputs.edited().size());
            for (Map.Entry<Integer, PortValues> entry : inOrder(inputs.edited())) {
                NodeDefinition node = layout.definition(entry.getKey());
                writeText(out, node.id());
                received(node, entry.getValue());
            }
            fired(inputs.declaredPins(layout));
            fired(inputs.supplied());
            out.writeInt(inputs.reused().size());
            for (Map.Entry<Integer, RunInputs.Reused> entry : inOrder(inputs.reused())) {
                reused(entry.getKey(), entry.getValue());
            }
            for (Map.Entry<Integer, ReusedItems> entry : inOrder(inputs.items())) {
                NodeDefinition map = layout.definition(entry.getKey());
                writeText(out, map.id());
                new ItemsCodec(payloads).write(out, map, entry.getValue(), change);
            }
            if (!inputs.items().isEmpty()) {
                writeText(out, null);
            }
        }

        private void received(NodeDefinition node, PortValues values) throws IOException {
            out.writeInt(values.asMap().size());
            for (Map.Entry<String, @Nullable Object> entry : byPort(values)) {
                String what = "what node '" + node.id() + "' receives at port '" + entry.getKey() + "'";
                TypeRef<?> type = inputType(flow, node, entry.getKey());
                // Where nothing is declared, what is given by hand need not be of the type that usually arrives.
                boolean plain = !type.accepts(entry.getValue());
                writeText(out, entry.getKey());
                out.writeBoolean(plain);
                payload(payloads.encode(node, what, entry.getValue(), plain ? PLAIN : type));
            }
        }

        private void fired(Map<Integer, PortValues> byNode) throws IOException {
            out.writeInt(byNode.size());
            for (Map.Entry<Integer, PortValues> entry : inOrder(byNode)) {
                NodeDefinition node = layout.definition(entry.getKey());
                writeText(out, node.id());
                out.writeInt(entry.getValue().asMap().size());
                for (Map.Entry<String, @Nullable Object> value : byPort(entry.getValue())) {
                    writeText(out, value.getKey());
                    payload(payloads.encode(node, value.getKey(), withoutInput(value.getValue())));
                }
            }
        }

        private void reused(int node, RunInputs.Reused reused) throws IOException {
            writeText(out, layout.definition(node).id());
            NodeFailure failure = reused.handledFailure();
            out.writeBoolean(failure != null);
            if (failure != null) {
                FlowError error = failure.error();
                writeText(out, error.kind().name());
                writeText(out, error.type());
                writeText(out, error.message());
                writeText(out, error.stackText());
                out.writeInt(error.attempt());
                writeText(out, error.suggestedResolution());
            }
            int[] decidedBy = reused.decidedBy();
            out.writeInt(decidedBy == null ? -1 : decidedBy.length);
            for (int in : decidedBy == null ? new int[0] : decidedBy) {
                Connection connection = layout.inConnection(in);
                writeText(out, connection.from());
                writeText(out, connection.fromPort());
                writeText(out, connection.toPort());
            }
        }

        /** By the ids of the nodes: equal starts are to be equal bytes. */
        private <V> List<Map.Entry<Integer, V>> inOrder(Map<Integer, V> byNode) {
            return byNode.entrySet().stream()
                    .sorted(Comparator.comparing(
                            entry -> layout.definition(entry.getKey()).id()))
                    .toList();
        }

        private static Set<Map.Entry<String, @Nullable Object>> byPort(PortValues values) {
            return new TreeMap<String, @Nullable Object>(values.asMap()).entrySet();
        }

        private void payload(Payload encoded) throws IOException {
            Payload payload = change.apply(encoded);
            out.writeInt(payload.size());
            out.write(payload.bytes());
        }

        /** What a failed node had received is kept with those it came from. */
        private static @Nullable Object withoutInput(@Nullable Object value) {
            return value instanceof FlowError error ? error.withInput(null) : value;
        }
    }

    /** Reads values. */
    private final class Reading {
        private final DataInputStream in;
        private final Flow flow;
        private final PlanLayout layout;

        Reading(DataInputStream in, Flow flow, PlanLayout layout) {
            this.in = in;
            this.flow = flow;
            this.layout = layout;
        }

        RunInputs inputs(@Nullable Object triggerData, boolean withItems) throws IOException {
            PortValues startInput = in.readBoolean() ? received(layout.definition(layout.startNode())) : null;
            Map<Integer, PortValues> edited = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                int node = node();
                edited.put(node, received(layout.definition(node)));
            }
            Map<Integer, PortValues> pins = fired();
            Map<Integer, PortValues> supplied = fired();
            Map<Integer, RunInputs.Reused> reused = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                int node = node();
                reused.put(node, reused(node));
            }
            Map<Integer, ReusedItems> items = withItems ? items() : Map.of();
            return new RunInputs(triggerData, startInput, edited, pins, reused, supplied, items).laidOut(layout);
        }

        private Map<Integer, ReusedItems> items() throws IOException {
            Map<Integer, ReusedItems> items = new HashMap<>();
            for (String id = readText(in); id != null; id = readText(in)) {
                int map = number(id);
                items.put(map, new ItemsCodec(payloads).read(in, layout.definition(map)));
            }
            return items;
        }

        private int node() throws IOException {
            return number(required(readText(in)));
        }

        private int number(String id) throws IOException {
            int node = layout.numberOf(id);
            if (node < 0) {
                throw new IOException("the flow has no node '" + id + "'");
            }
            return node;
        }

        private PortValues received(NodeDefinition node) throws IOException {
            PortValues values = PortValues.none();
            for (int left = in.readInt(); left > 0; left--) {
                String port = required(readText(in));
                values = values.and(port, value(in.readBoolean() ? PLAIN : inputType(flow, node, port)));
            }
            return values;
        }

        private Map<Integer, PortValues> fired() throws IOException {
            Map<Integer, PortValues> byNode = new HashMap<>();
            for (int nodes = in.readInt(); nodes > 0; nodes--) {
                int node = node();
                PortValues values = PortValues.none();
                for (int left = in.readInt(); left > 0; left--) {
                    String port = required(readText(in));
                    TypeRef<?> type = Payloads.typeOf(layout.definition(node), port)
                            .orElseThrow(() -> new IOException("port '" + port + "' of node '"
                                    + layout.definition(node).id() + "' has no declared type"));
                    values = values.and(port, value(type));
                }
                byNode.put(node, values);
            }
            return byNode;
        }

        private RunInputs.Reused reused(int node) throws IOException {
            NodeFailure failure = null;
            if (in.readBoolean()) {
                failure = new NodeFailure(
                        new FlowError(
                                FailureKind.valueOf(required(readText(in))),
                                required(readText(in)),
                                required(readText(in)),
                                required(readText(in)),
                                layout.definition(node).id(),
                                in.readInt(),
                                required(readText(in))),
                        null);
            }
            int count = in.readInt();
            List<ConnectionRecord> decidedBy = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                decidedBy.add(new ConnectionRecord(
                        required(readText(in)),
                        required(readText(in)),
                        layout.definition(node).id(),
                        required(readText(in))));
            }
            return new RunInputs.Reused(failure, count < 0 ? null : Deciding.positions(layout, node, decidedBy));
        }

        private @Nullable Object value(TypeRef<?> type) throws IOException {
            byte[] bytes = in.readNBytes(in.readInt());
            return payloads.decode(Payload.of("", bytes), type);
        }
    }
}
