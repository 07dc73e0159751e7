package dev.flowengine.json;

import dev.flowengine.extension.DataProblem;
import dev.flowengine.node.PlainData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Turns JSON into {@link PlainData}. What is wrong but can be read past (a name that is there twice, a number that is too
 * large) is noted and replaced; what cannot ends the parsing.
 */
final class DataParser {
    /** A value of a node, such as its fallback, is nested four deep itself. */
    static final int FLOW_DEPTH = PlainData.MAX_DEPTH + 4;

    /** More than the digits of a number, its sign, its point and its exponent take. */
    static final int LONGEST_NUMBER = PlainData.MAX_DIGITS + 100;

    private static final long LONGEST_DOCUMENT = 256L * 1024 * 1024;

    /** Stands for what could not be read. */
    private static final Integer UNREADABLE = 0;

    private final Source source;
    private final JsonParser parser;
    private final Findings findings;

    private DataParser(Source source, JsonParser parser, Findings findings) {
        this.source = source;
        this.parser = parser;
        this.findings = findings;
    }

    /**
     * Parses a whole document.
     *
     * @param source the document
     * @param depth how deep it may be nested
     * @param findings where to note what is wrong
     * @throws IOException if the source fails
     */
    static Parsed parse(Source source, int depth, Findings findings) throws IOException {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxNumberLength(LONGEST_NUMBER)
                        .maxDocumentLength(LONGEST_DOCUMENT)
                        .build())
                .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                .build();
        try (JsonParser parser = source.open(factory)) {
            return new DataParser(source, parser, findings).document();
        } catch (JacksonIOException unreadable) {
            if (source.failure() != null) {
                throw source.failure();
            }
            findings.add("", unreadable(unreadable, "line 1, column 1"));
            return Parsed.BROKEN;
        }
    }

    private Parsed document() {
        try {
            if (parser.nextToken() == null) {
                findings.add("", "the document is empty");
                return Parsed.BROKEN;
            }
            Object value = value();
            if (parser.nextToken() == null) {
                return new Parsed(true, value);
            }
            findings.add("", "the document goes on after its end, at " + position());
        } catch (JacksonException unreadable) {
            if (source.failure() != null) {
                throw unreadable;
            }
            findings.add(pointer(), unreadable(unreadable, position()));
        }
        return Parsed.BROKEN;
    }

    private static String unreadable(JacksonException why, String position) {
        return "the document cannot be read on at " + position + ": " + JsonText.firstLine(why.getOriginalMessage());
    }

    private @Nullable Object value() {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object();
            case START_ARRAY -> list();
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (name.length() > PlainData.MAX_NAME_LENGTH) {
                skipLongName();
                continue;
            }
            parser.nextToken();
            Object value = value();
            if (object.containsKey(name)) {
                findings.addReplaced(() -> new DataProblem(pointer(), "is there twice, at last at " + position()));
                object.put(name, UNREADABLE); // Nobody knows which of them was meant.
            } else {
                object.put(name, value);
            }
        }
        return Collections.unmodifiableMap(object);
    }

    /** Every finding below it would repeat the name. */
    private void skipLongName() {
        findings.add(() -> new DataProblem(
                parser.streamReadContext().getParent().pathAsPointer().toString(),
                "has a name longer than " + PlainData.MAX_NAME_LENGTH + " characters"));
        parser.nextToken();
        parser.skipChildren();
    }

    private List<@Nullable Object> list() {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value());
        }
        return Collections.unmodifiableList(list);
    }

    private @Nullable Object number() {
        try {
            Number number = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    ? parser.getNumberValue()
                    : parser.getDecimalValue();
            return PlainData.copyOf(number);
        } catch (IllegalArgumentException | ArithmeticException | JacksonException tooLarge) {
            findings.addReplaced(() -> new DataProblem(
                    pointer(),
                    "is a number of more than " + PlainData.MAX_DIGITS + " digits or with a larger exponent"));
            return UNREADABLE;
        }
    }

    private String pointer() {
        return parser.streamReadContext().pathAsPointer().toString();
    }

    private String position() {
        return "line " + parser.currentLocation().getLineNr() + ", column "
                + parser.currentLocation().getColumnNr();
    }

    /** What was parsed; nothing to go on with unless complete. */
    record Parsed(boolean complete, @Nullable Object value) {
        static final Parsed BROKEN = new Parsed(false, null);
    }
}
