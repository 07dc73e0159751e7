package dev.flowengine.json;

import dev.flowengine.extension.NodeTypes;
import dev.flowengine.flow.Flow;
import dev.flowengine.flow.FlowDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Flows as JSON: for editors, files and databases. What a document may say is told by {@link #schema()}; what its nodes do
 * is up to {@link NodeTypes}.
 *
 * <p>Documents may come from anybody. They are read in linear time, {@linkplain dev.flowengine.node.PlainData nested
 * values and numbers} are bounded, and everything wrong with one is reported at once.
 */
public final class FlowJson {
    private static final String SCHEMA = "flow.schema.json";

    private FlowJson() {}

    /**
     * Reads a flow.
     *
     * @param json the document
     * @param types what its nodes may be
     * @return the flow
     * @throws FlowJsonException if anything is wrong, telling all of it
     */
    public static Flow read(String json, NodeTypes types) {
        return ofText(json, types, FlowDefinition::build);
    }

    /**
     * Reads a flow to the end of a stream, which is not closed.
     *
     * @param json the document in UTF-8, UTF-16 or UTF-32
     * @param types what its nodes may be
     * @return the flow
     * @throws IOException if the stream fails
     * @throws FlowJsonException if anything is wrong, telling all of it
     */
    public static Flow read(InputStream json, NodeTypes types) throws IOException {
        return read(Source.of(json), types, FlowDefinition::build);
    }

    /**
     * Reads a flow to the end of a stream, which is not closed.
     *
     * @param json the document
     * @param types what its nodes may be
     * @return the flow
     * @throws IOException if the stream fails
     * @throws FlowJsonException if anything is wrong, telling all of it
     */
    public static Flow read(Reader json, NodeTypes types) throws IOException {
        return read(Source.of(json), types, FlowDefinition::build);
    }

    /**
     * Reads a flow.
     *
     * @param file holds the document
     * @param types what its nodes may be
     * @return the flow
     * @throws IOException if the file cannot be read
     * @throws FlowJsonException if anything is wrong, telling all of it
     */
    public static Flow read(Path file, NodeTypes types) throws IOException {
        try (InputStream json = Files.newInputStream(file)) {
            return read(json, types);
        }
    }

    /**
     * Reads a flow that is still being edited, as {@link FlowDefinition#buildDraft()} creates it: it may contain cycles.
     *
     * @param json the document
     * @param types what its nodes may be
     * @return the flow
     * @throws FlowJsonException if anything else is wrong, telling all of it
     */
    public static Flow readDraft(String json, NodeTypes types) {
        return ofText(json, types, FlowDefinition::buildDraft);
    }

    /**
     * Writes a flow. Equal flows give equal text. A node is written as its type and parameters: ports and body are what
     * the type makes of them again.
     *
     * @param flow the flow; each of its nodes has a type, but for triggers without a declared type
     * @return a document that {@link #read(String, NodeTypes)} turns into an equal flow
     * @throws FlowJsonException if the flow holds anything that is no data, naming all of it
     */
    public static String write(Flow flow) {
        return JsonText.pretty(new FlowWriter(flow).write());
    }

    /**
     * What a document may say, as a JSON Schema (draft 2020-12) for editors and other tools. Reading checks more: that
     * ids are unique and known, ports exist, and nothing runs in a circle.
     *
     * @return the schema
     */
    public static String schema() {
        try (InputStream schema = FlowJson.class.getResourceAsStream(SCHEMA)) {
            if (schema == null) {
                throw new IllegalStateException(SCHEMA + " is missing beside " + FlowJson.class);
            }
            return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Flow ofText(String json, NodeTypes types, Function<FlowDefinition, Flow> build) {
        try {
            return read(Source.of(json), types, build);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Flow read(Source source, NodeTypes types, Function<FlowDefinition, Flow> build) throws IOException {
        Findings findings = new Findings();
        DataParser.Parsed document = DataParser.parse(source, DataParser.FLOW_DEPTH, findings);
        if (!document.complete()) {
            throw findings.exception("the flow cannot be read");
        }
        return new FlowReader(types, findings).read(document.value(), build);
    }
}
