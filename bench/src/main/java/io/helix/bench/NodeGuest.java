package io.helix.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** The guest in V8, in a process of its own that is told by lines what to do next: see node-guest.mjs. */
final class NodeGuest implements GuestEngine, AutoCloseable {
    private final ScratchFolder folder = ScratchFolder.create();
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter orders;

    NodeGuest() throws IOException {
        for (String name : new String[] {"node-guest.mjs", "guest.wasm", "event.json", "config.json"}) {
            Files.write(folder.path().resolve(name), GuestWork.resource(name));
        }
        Path script = folder.path().resolve("node-guest.mjs");
        process = new ProcessBuilder("node", script.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        orders = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Whether there is a node to run. */
    static boolean isThere() {
        try {
            return new ProcessBuilder("node", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public String name() {
        return "V8 of Node";
    }

    @Override
    public double best(GuestWork work, long millis) throws IOException {
        return Double.parseDouble(ask("time " + work.export() + " " + millis));
    }

    @Override
    public byte[] result(GuestWork work) throws IOException {
        return Base64.getDecoder().decode(ask("result " + work.export()));
    }

    private String ask(String order) throws IOException {
        orders.write(order);
        orders.newLine();
        orders.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("node has ended");
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        orders.close(); // the end of its orders ends it
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        folder.close();
    }
}
