package dev.flowengine.examples;

import dev.flowengine.FlowEngine;
import dev.flowengine.model.ExecutionStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Consumer;

/** Obeys the letters somebody types, each followed by Enter, on a thread of its own: nothing else waits for a key. */
final class Keyboard {
    static final String HELP = "p pause, r resume, c cancel, q cancel and do not wait; each followed by Enter";

    private final BufferedReader in;
    private final Consumer<String> answers;
    private final FlowEngine engine;
    private final RemoteControl control;

    Keyboard(BufferedReader in, Consumer<String> answers, FlowEngine engine, RemoteControl control) {
        this.in = in;
        this.answers = answers;
        this.engine = engine;
        this.control = control;
    }

    /** Begins to listen, until the end of the input. */
    void listen() {
        Thread thread = new Thread(this::obeyAll, "keyboard");
        thread.setDaemon(true); // it waits for a line that may never come
        thread.start();
    }

    private void obeyAll() {
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                obey(line.strip().toLowerCase(Locale.ROOT));
            }
        } catch (IOException unreadable) {
            answers.accept("the keyboard cannot be read: " + OneLine.of(unreadable));
        }
        control.leaveUnattended();
    }

    private void obey(String key) {
        switch (key) {
            case "p" -> asked("pause", control.pause());
            case "r" -> asked("resume", control.resume());
            case "c" -> asked("cancel", control.cancel("cancelled at the keyboard"));
            case "q" -> asked("quit", control.quit(engine));
            default -> answers.accept(key.isEmpty() ? HELP : "'" + OneLine.of(key) + "' is no command: " + HELP);
        }
    }

    private void asked(String what, ExecutionStatus met) {
        answers.accept("asked to " + what + " what is " + met);
    }
}
