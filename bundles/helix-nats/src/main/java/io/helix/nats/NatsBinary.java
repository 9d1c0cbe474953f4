package io.helix.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The nats-server program of this machine. */
record NatsBinary(Path path, int major, int minor, String version) {
    private static final Pattern VERSION = Pattern.compile("v?((\\d+)\\.(\\d+)\\.\\S+)");
    private static final List<String> USUAL = List.of("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin");

    /** Older servers refuse to start with this setting. */
    boolean knowsSyncInterval() {
        return major > 2 || major == 2 && minor >= 10;
    }

    static NatsBinary find(NatsSettings settings) throws InterruptedException {
        Path path = candidates(settings).stream()
                .filter(candidate -> Files.isRegularFile(candidate) && Files.isExecutable(candidate))
                .findFirst()
                .orElseThrow(() -> missing(settings));
        return ask(path);
    }

    private static List<Path> candidates(NatsSettings settings) {
        if (!settings.binary().isEmpty()) {
            return List.of(Path.of(settings.binary()));
        }
        List<Path> candidates = new ArrayList<>();
        candidates.add(settings.home().resolve("bin/nats-server"));
        String searched = System.getenv("PATH");
        for (String folder : (searched == null ? "" : searched).split(File.pathSeparator)) {
            if (!folder.isEmpty()) {
                candidates.add(Path.of(folder, "nats-server"));
            }
        }
        USUAL.forEach(folder -> candidates.add(Path.of(folder, "nats-server")));
        return candidates;
    }

    private static HelixException missing(NatsSettings settings) {
        String where = settings.binary().isEmpty()
                ? "no program nats-server in PATH or the usual places"
                : "no program " + settings.binary() + ", which 'binary' names";
        return new HelixException(
                ErrorKind.INTERNAL,
                where + ": install nats-server (on Debian: apt-get install nats-server),"
                        + " or set 'binary' or the 'url' of your own NATS in etc/io.helix.nats.cfg");
    }

    private static NatsBinary ask(Path path) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(path.toString(), "--version")
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw unusable(path, "it did not answer within 10 s");
            }
            return parse(path, new String(process.getInputStream().readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw unusable(path, String.valueOf(e.getMessage()));
        }
    }

    static NatsBinary parse(Path path, String answer) {
        Matcher version = VERSION.matcher(answer);
        if (!version.find()) {
            throw unusable(path, "it answered '" + answer.strip() + "'");
        }
        return new NatsBinary(
                path, Integer.parseInt(version.group(2)), Integer.parseInt(version.group(3)), version.group(1));
    }

    private static HelixException unusable(Path path, String why) {
        return new HelixException(
                ErrorKind.INTERNAL, "'" + path + " --version' gives no version of nats-server: " + why);
    }
}
