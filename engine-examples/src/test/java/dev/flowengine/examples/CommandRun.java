package dev.flowengine.examples;

import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a command line of the program came to, run in this process. */
record CommandRun(int exitCode, String out, String err) {
    private static final JsonMapper MAPPER = new JsonMapper();

    static CommandRun of(String... args) {
        return run(false, args);
    }

    /** As if a person were watching. */
    static CommandRun onTerminal(String... args) {
        return run(true, args);
    }

    private static CommandRun run(boolean terminal, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console =
                new Console(Reader.nullReader(), new PrintWriter(out, true), new PrintWriter(err, true), terminal);
        CommandLine commandLine = Main.commandLine(console);
        int exitCode = commandLine.execute(args);
        console.flush();
        return new CommandRun(exitCode, out.toString(), err.toString());
    }

    List<String> outLines() {
        return out.lines().toList();
    }

    List<String> errLines() {
        return err.lines().toList();
    }

    /** The last line, which must be a JSON object. */
    JsonNode json() {
        List<String> lines = outLines();
        JsonNode node = MAPPER.readTree(lines.get(lines.size() - 1));
        if (!node.isObject()) {
            throw new AssertionError("not an object: " + node);
        }
        return node;
    }

    List<String> jsonKeys() {
        return List.copyOf(json().propertyNames());
    }
}
