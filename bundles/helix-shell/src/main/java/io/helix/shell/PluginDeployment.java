package io.helix.shell;

import io.helix.api.HelixException;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.control.ControlPlane.Before;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.jspecify.annotations.Nullable;

/** What installing and updating a plugin share. */
abstract class PluginDeployment extends HelixCommand {
    private static final int MAX_FILE = 32 * 1024 * 1024;

    @Argument(index = 0, name = "file", description = "A .wasm or .jar file of the server", required = true)
    @Completion(FileCompleter.class)
    String file = "";

    @Option(name = "--signature", description = "Its signature; else the file with .sig added, when that is there")
    @Completion(FileCompleter.class)
    @Nullable
    String signature;

    final void deploy(Screen screen, Before before, String done) throws IOException {
        Path path = path(file);
        if (!Files.isRegularFile(path)) {
            throw HelixException.notFound("there is no file " + path + " on the server");
        }
        Plugin plugin =
                control().installPlugin(caller(), String.valueOf(path.getFileName()), read(path), signed(path), before);
        screen.line(
                (done + " " + plugin.name() + " " + plugin.version() + " " + String.join(" ", plugin.types())).strip());
        if (!plugin.detail().isEmpty()) {
            screen.line(plugin.detail());
        }
    }

    private @Nullable String signed(Path path) throws IOException {
        Path beside = path.resolveSibling(path.getFileName() + ".sig");
        if (signature != null) {
            return new String(file(signature), StandardCharsets.UTF_8);
        }
        return Files.exists(beside) ? Files.readString(beside) : null;
    }

    private static byte[] read(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(MAX_FILE + 1);
            if (content.length > MAX_FILE) {
                throw HelixException.invalid(path + " is longer than " + MAX_FILE + " bytes");
            }
            return content;
        }
    }
}
