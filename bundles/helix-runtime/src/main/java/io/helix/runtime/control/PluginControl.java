package io.helix.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentDescriptor;
import io.helix.api.agent.PluginSource;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.agent.PluginSource.Trial;
import io.helix.api.control.Caller;
import io.helix.api.control.ControlPlane.Before;
import io.helix.runtime.access.Gate;
import io.helix.runtime.agent.AgentRegistry;
import io.helix.runtime.agent.CallStats;
import io.helix.runtime.document.Catalog;
import io.helix.runtime.document.Compiler;
import io.helix.runtime.document.DocumentReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Brings plugins into the deploy folder and out of it; they serve all profiles, so that is for who has all of them. */
final class PluginControl {
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final String SIGNATURE = ".sig";
    private static final String CALLS = "calls";

    private final AgentRegistry registry;
    private final Catalog catalog;
    private final Compiler compiler;
    private final Gate gate;
    private final Optional<Path> home;
    private final ReentrantLock changing = new ReentrantLock();

    PluginControl(AgentRegistry registry, Catalog catalog, Compiler compiler, Gate gate, Optional<Path> home) {
        this.registry = registry;
        this.catalog = catalog;
        this.compiler = compiler;
        this.gate = gate;
        this.home = home;
    }

    ObjectNode describe(String name) {
        ObjectNode plugin = registry.pluginSources().stream()
                .flatMap(source -> source.describe(name).stream())
                .findFirst()
                .orElseThrow(() -> unknown(name));
        if (!plugin.has(CALLS)) {
            List<String> types = registry.plugins().stream()
                    .filter(known -> known.name().equals(plugin.path("name").asText()))
                    .flatMap(known -> known.types().stream())
                    .toList();
            calls(plugin.putObject(CALLS), registry.calls().of(types));
        }
        return plugin;
    }

    private static void calls(ObjectNode node, CallStats.Snapshot calls) {
        node.put("total", calls.total())
                .put("failed", calls.failed())
                .put("p50Micros", calls.p50Micros())
                .put("p99Micros", calls.p99Micros());
    }

    List<JsonNode> tryOut(Caller caller, String name, Trial trial) {
        authorize(caller, name);
        PluginSource source = registry.pluginSources().stream()
                .filter(candidate -> candidate.describe(name).isPresent())
                .findFirst()
                .orElseThrow(() -> unknown(name));
        if (trial.event() != null) { // the samples of a plugin have configurations of their own
            typeOf(source, name, trial)
                    .map(type -> compiler.checkConfig(type, trial.config(), "config"))
                    .ifPresent(DocumentReader::refuse);
        }
        return source.tryOut(name, trial);
    }

    /** Empty when the plugin does not bring it, which its source says better. */
    private Optional<AgentDescriptor> typeOf(PluginSource source, String name, Trial trial) {
        return source.plugins().stream()
                .filter(plugin -> plugin.name().equals(name))
                .flatMap(plugin -> plugin.types().stream())
                .filter(type -> trial.type() == null || type.startsWith(trial.type() + "@"))
                .findFirst()
                .flatMap(type -> registry.descriptors().stream()
                        .filter(candidate -> type.equals(candidate.type() + "@" + candidate.version()))
                        .findFirst());
    }

    Plugin install(Caller caller, String fileName, byte[] content, @Nullable String signature, Before before) {
        authorize(caller, fileName);
        PluginSource source = sourceOf(fileName);
        Path file = folder().resolve(fileName);
        changing.lock();
        try {
            require(before, file);
            return exchange(source, file, content, signature);
        } catch (IOException e) {
            throw new HelixException(ErrorKind.INTERNAL, "plugin " + fileName + " cannot be written to " + file, e);
        } finally {
            changing.unlock();
        }
    }

    void remove(Caller caller, String name) {
        authorize(caller, name);
        changing.lock();
        try {
            for (PluginSource source : registry.pluginSources()) {
                Optional<Path> file = source.file(name);
                if (file.isPresent()) {
                    Files.deleteIfExists(file.get());
                    Files.deleteIfExists(signatureOf(file.get()));
                    source.refresh(file.get());
                    return;
                }
            }
        } catch (IOException e) {
            throw new HelixException(ErrorKind.INTERNAL, "plugin " + name + " cannot be deleted", e);
        } finally {
            changing.unlock();
        }
        throw unknown(name);
    }

    private Plugin exchange(PluginSource source, Path file, byte[] content, @Nullable String signature)
            throws IOException {
        Optional<byte[]> before = contentOf(file);
        Optional<byte[]> signatureBefore = contentOf(signatureOf(file));
        // The signature first: a plugin must not be seen before it.
        write(signatureOf(file), Optional.ofNullable(signature).map(text -> text.getBytes(StandardCharsets.UTF_8)));
        write(file, Optional.of(content));
        Plugin plugin = source.refresh(file)
                .orElseThrow(() -> HelixException.unavailable(
                        "plugin " + file.getFileName() + " is not taken up yet; see the list of plugins"));
        if (!plugin.state().equals("failed")) {
            return plugin;
        }
        write(signatureOf(file), signatureBefore);
        write(file, before);
        source.refresh(file);
        throw HelixException.invalid("plugin " + file.getFileName() + " is refused: " + plugin.detail());
    }

    private static Optional<byte[]> contentOf(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    /** In one step, so that nobody sees half a file. Empty: there shall be none. */
    private void write(Path file, Optional<byte[]> content) throws IOException {
        if (content.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        Path written = Files.createTempFile(folder().resolveSibling("data"), "plugin", ".tmp");
        try {
            Files.write(written, content.get());
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private static void require(Before before, Path file) {
        boolean present = Files.exists(file);
        if (before == Before.SOMETHING && !present) {
            throw HelixException.notFound("there is no plugin " + file.getFileName() + " to replace; install it");
        }
        if (before == Before.NOTHING && present) {
            throw HelixException.conflict("plugin " + file.getFileName() + " is there already; update or remove it");
        }
    }

    private PluginSource sourceOf(String fileName) {
        if (!FILE_NAME.matcher(fileName).matches()) {
            throw HelixException.invalid("'" + fileName
                    + "' is not a file name of a plugin: letters, digits, dot, hyphen and underscore, at most 100");
        }
        return registry.pluginSources().stream()
                .filter(source -> source.takes(fileName))
                .findFirst()
                .orElseThrow(() -> HelixException.invalid("'" + fileName + "' is neither .jar nor .wasm"));
    }

    private Path folder() {
        return home.orElseThrow(() -> HelixException.unavailable("this server has no folder for plugins"))
                .resolve("deploy");
    }

    private static Path signatureOf(Path file) {
        return file.resolveSibling(file.getFileName() + SIGNATURE);
    }

    private void authorize(Caller caller, String name) {
        if (!caller.profile().equals("*")) {
            throw HelixException.forbidden(
                    caller + " belongs to profile '" + caller.profile() + "' and may not change plugin '" + name
                            + "', which serves all: that takes a key for all profiles");
        }
        String profile = catalog.profiles().stream().sorted().findFirst().orElse("default");
        gate.require(caller, profile, "deployPlugin", "Profile", profile);
    }

    private static HelixException unknown(String name) {
        return HelixException.notFound("there is no plugin '" + name + "'");
    }
}
