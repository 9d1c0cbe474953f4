package io.helix.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processors of this machine, as Linux numbers them. */
final class Processors {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path THIS_THREAD = Path.of("/proc/thread-self");
    private static final String ALLOWED = "Cpus_allowed_list:";

    private Processors() {}

    /** Those that this process may use, in order. */
    static List<Integer> allowed() throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(ALLOWED)) {
                return parse(line.substring(ALLOWED.length()).strip());
            }
        }
        throw new IOException(STATUS + " does not say which processors may be used");
    }

    private static List<Integer> parse(String ranges) {
        List<Integer> processors = new ArrayList<>();
        for (String range : ranges.split(",", -1)) {
            String[] ends = range.split("-", 2);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int processor = Integer.parseInt(ends[0]); processor <= last; processor++) {
                processors.add(processor);
            }
        }
        return processors;
    }

    /** From now on this thread runs on that processor only. */
    static void pin(int processor) throws IOException, InterruptedException {
        String thread = Files.readSymbolicLink(THIS_THREAD).getFileName().toString();
        Process taskset = new ProcessBuilder("taskset", "-cp", Integer.toString(processor), thread)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (taskset.waitFor() != 0) {
            throw new IOException("taskset cannot move a thread to processor " + processor);
        }
    }
}
