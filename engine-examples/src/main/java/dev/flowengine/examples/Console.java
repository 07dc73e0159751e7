package dev.flowengine.examples;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Reader;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;

/** Where the program reads and writes, always in UTF-8. The only class that knows the standard streams. */
final class Console {
    private static final String RESET = "\u001B[0m";

    private final BufferedReader in;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;

    Console(Reader in, PrintWriter out, PrintWriter err, boolean terminal) {
        this.in = new BufferedReader(in);
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** The streams of the process. */
    static Console system() {
        Reader in = new InputStreamReader(System.in, StandardCharsets.UTF_8);
        return new Console(in, writer(System.out), writer(System.err), hasTerminal());
    }

    BufferedReader in() {
        return in;
    }

    PrintWriter out() {
        return out;
    }

    PrintWriter err() {
        return err;
    }

    /** Whether a person is watching: only then are there colours, and lines that are overwritten. */
    boolean isTerminal() {
        return terminal;
    }

    void line(String text) {
        out.println(text);
    }

    /** Replaces the line the cursor is on; only for a terminal. */
    void overwrite(String text) {
        out.print("\r\u001B[K" + text);
        out.flush();
    }

    String green(String text) {
        return coloured("\u001B[32m", text);
    }

    String yellow(String text) {
        return coloured("\u001B[33m", text);
    }

    String red(String text) {
        return coloured("\u001B[31m", text);
    }

    void flush() {
        out.flush();
        err.flush();
    }

    private String coloured(String colour, String text) {
        return terminal ? colour + text + RESET : text;
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    @SuppressWarnings("SystemConsoleNull") // it is null on Java 17; what is new in 22 is asked for below
    private static boolean hasTerminal() {
        java.io.Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there is a console even where nobody watches, and this method to tell.
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException olderJava) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException unknown) {
            return false;
        }
    }
}
