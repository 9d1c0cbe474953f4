package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helix.api.HelixException;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.agent.PluginSource.Trial;
import io.helix.api.agent.PluginTrust;
import io.helix.api.agent.PluginTrust.Admission;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins by file name. A new version takes the place of the old one only when it could be loaded and is warm. One
 * thread at a time changes it; any thread may look.
 */
final class PluginShelf {
    /** Offers an agent type to Helix; running the result withdraws it. */
    interface Offer extends Function<AgentType, Runnable> {}

    private static final Logger LOG = LoggerFactory.getLogger(PluginShelf.class);
    private static final String FORMAT = "wasm";
    static final String SUFFIX = ".wasm";

    /**
     * @param note what an operator should know although it is in service, or empty
     * @param error why the newest file was refused, or empty
     */
    private record Entry(byte[] digest, @Nullable Live live, String note, String error) {}

    /** @param signedBy the name of a trusted key, or empty */
    record Live(LoadedPlugin plugin, byte[] digest, String signedBy, Duration warmUp, List<Runnable> withdrawals) {}

    private final PluginLoader loader;
    private final PluginTrust trust;
    private final Offer offer;
    private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();
    private final Map<String, PluginStats> stats = new ConcurrentHashMap<>();
    private boolean starting;

    PluginShelf(PluginLoader loader, PluginTrust trust, Offer offer) {
        this.loader = loader;
        this.trust = trust;
        this.offer = offer;
    }

    /**
     * Brings the shelf in line with a folder that may have changed in any way. For the start of Helix: what is new
     * serves at once, although it is not warm yet.
     */
    void scan(Path folder) {
        starting = true;
        try {
            takeUp(folder);
        } finally {
            starting = false;
        }
    }

    private void takeUp(Path folder) {
        Set<String> present = new HashSet<>();
        for (Path file : files(folder)) {
            present.add(file.getFileName().toString());
            deploy(file);
        }
        entries.keySet().stream()
                .filter(name -> !present.contains(name))
                .toList()
                .forEach(this::remove);
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            LOG.error("Cannot list the deploy folder {}", folder, e);
            return List.of();
        }
    }

    /** Loads a new or changed file; no effect when its bytes are known and were not refused for their signature. */
    void deploy(Path file) {
        String name = file.getFileName().toString();
        Entry before = entries.get(name);
        byte[] digest = {};
        try {
            byte[] wasm = read(file);
            digest = sha256(wasm);
            Live live = before == null ? null : before.live();
            if (before != null && live != null && Arrays.equals(digest, live.digest())) {
                restore(file, name, wasm, before, live);
            } else if (before == null
                    || !Arrays.equals(digest, before.digest())
                    || !before.error().isEmpty()) {
                load(file, name, wasm, digest, before);
            }
        } catch (IOException e) {
            refuse(name, digest, before, "the file cannot be read: " + e.getMessage());
        } catch (HelixException e) {
            refuse(name, digest, before, e.message());
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) { // of a file that was made for it
            LOG.error("Plugin {} made its loader fail", name, e);
            refuse(name, digest, before, "it cannot be loaded: " + ShownText.of(e.toString()));
        }
    }

    /** The file is again what serves all the time: nothing is loaded, but its signature must still be good. */
    private void restore(Path file, String name, byte[] wasm, Entry before, Live live) {
        if (!before.error().isEmpty()) {
            String note = trust.admit(file, wasm).note();
            entries.put(name, new Entry(live.digest(), live, note, ""));
            LOG.info("Plugin {} is as it was", name);
        }
    }

    private void load(Path file, String name, byte[] wasm, byte[] digest, @Nullable Entry before) {
        Admission admission = trust.admit(file, wasm);
        LoadedPlugin plugin = loader.load(name, wasm, stats.computeIfAbsent(name, key -> new PluginStats()));
        requireOwnTypes(name, plugin);
        replace(name, admission, plugin, digest, before);
    }

    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(PluginLoader.MAX_FILE + 1);
            if (bytes.length > PluginLoader.MAX_FILE) {
                throw HelixException.invalid("the file is larger than " + PluginLoader.MAX_FILE + " bytes");
            }
            return bytes;
        }
    }

    /** Which of two plugins a recipe gets must not be chance. */
    private void requireOwnTypes(String name, LoadedPlugin plugin) {
        entries.forEach((other, entry) -> {
            Live live = entry.live();
            if (live == null || other.equals(name)) {
                return;
            }
            for (String type : plugin.typeNames()) {
                if (live.plugin().typeNames().contains(type)) {
                    plugin.module().retire();
                    throw HelixException.conflict("agent type " + type + " is in service from " + other
                            + " already: remove that, give this file its name to replace it, or another version");
                }
            }
        });
    }

    /** New before old, so that a type both bring is there at every moment. */
    private void replace(String name, Admission admission, LoadedPlugin plugin, byte[] digest, @Nullable Entry before) {
        Live old = before == null ? null : before.live();
        Duration warmUp = starting && old == null
                ? Duration.ZERO
                : new WarmUp(plugin, old == null ? null : old.plugin()).run(loader.longestWarmUp());
        List<Runnable> withdrawals = plugin.types().stream().map(offer).toList();
        entries.put(
                name,
                new Entry(
                        digest,
                        new Live(plugin, digest, admission.signedBy(), warmUp, withdrawals),
                        admission.note(),
                        ""));
        withdraw(before);
        LOG.info("Plugin {} is active: {}", name, plugin.typeNames());
    }

    private void refuse(String name, byte[] digest, @Nullable Entry before, String reason) {
        Live kept = before == null ? null : before.live();
        String detail = kept == null
                ? reason
                : reason + " (version " + kept.plugin().manifest().version() + " stays in service)";
        entries.put(name, new Entry(digest, kept, before == null ? "" : before.note(), detail));
        LOG.error("Plugin {} is refused: {}", name, detail);
    }

    /** No effect when there is no such plugin. */
    void remove(String name) {
        Entry before = entries.remove(name);
        withdraw(before);
        stats.remove(name);
        if (before != null) {
            LOG.info("Plugin {} is removed", name);
        }
    }

    private static void withdraw(@Nullable Entry entry) {
        Live live = entry == null ? null : entry.live();
        if (live != null) {
            live.withdrawals().forEach(Runnable::run);
            live.plugin().module().retire();
        }
    }

    void close() {
        List.copyOf(entries.keySet()).forEach(this::remove);
    }

    List<Plugin> plugins() {
        return entries.entrySet().stream()
                .map(entry -> describe(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Plugin describe(String name, Entry entry) {
        Live live = entry.live();
        String version = live == null ? "" : live.plugin().manifest().version();
        List<String> types = live == null ? List.of() : live.plugin().typeNames();
        return entry.error().isEmpty()
                ? new Plugin(name, version, FORMAT, "active", entry.note(), types)
                : new Plugin(name, version, FORMAT, "failed", entry.error(), types);
    }

    /** Empty when there is no such plugin. */
    Optional<ObjectNode> details(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            return Optional.empty();
        }
        PluginStats counted = stats.getOrDefault(name, new PluginStats());
        return Optional.of(PluginDetails.of(describe(name, entry), entry.live(), counted.snapshot()));
    }

    /** @throws HelixException NOT_FOUND, INVALID */
    List<JsonNode> tryOut(String name, Trial trial) {
        Entry entry = entries.get(name);
        Live live = entry == null ? null : entry.live();
        if (live == null) {
            throw HelixException.notFound("plugin '" + name + "' is not in service");
        }
        return new TryOut(live.plugin()).run(trial);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
