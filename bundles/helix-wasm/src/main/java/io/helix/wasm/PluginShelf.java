package io.helix.wasm;

import io.helix.api.HelixException;
import io.helix.api.agent.AgentType;
import io.helix.api.agent.PluginSource.Plugin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins by file name. A new version takes the place of the old one only when it could be loaded. One thread at a
 * time changes it; any thread may look.
 */
final class PluginShelf {
    /** Offers an agent type to Helix; running the result withdraws it. */
    interface Offer extends Function<AgentType, Runnable> {}

    private static final Logger LOG = LoggerFactory.getLogger(PluginShelf.class);
    private static final String FORMAT = "wasm";
    static final String SUFFIX = ".wasm";

    /** @param error why the newest file was refused, or empty */
    private record Entry(byte[] digest, @Nullable Live live, String error) {}

    private record Live(LoadedPlugin plugin, List<Runnable> withdrawals) {}

    private final PluginLoader loader;
    private final Offer offer;
    private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();

    PluginShelf(PluginLoader loader, Offer offer) {
        this.loader = loader;
        this.offer = offer;
    }

    /** Brings the shelf in line with a folder that may have changed in any way. */
    void scan(Path folder) {
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

    /** Loads a new or changed file; no effect when its bytes are known. */
    void deploy(Path file) {
        String name = file.getFileName().toString();
        Entry before = entries.get(name);
        byte[] digest = {};
        try {
            byte[] wasm = read(file);
            digest = sha256(wasm);
            if (before == null || !Arrays.equals(digest, before.digest())) {
                replace(name, digest, loader.load(name, wasm), before);
            }
        } catch (IOException e) {
            refuse(name, digest, before, "the file cannot be read: " + e.getMessage());
        } catch (HelixException e) {
            refuse(name, digest, before, e.message());
        } catch (RuntimeException e) {
            LOG.error("Plugin {} made its loader fail", name, e);
            refuse(name, digest, before, "it cannot be loaded: " + e);
        }
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

    /** New before old, so that a type both bring is there at every moment. */
    private void replace(String name, byte[] digest, LoadedPlugin plugin, @Nullable Entry before) {
        List<Runnable> withdrawals = plugin.types().stream().map(offer).toList();
        entries.put(name, new Entry(digest, new Live(plugin, withdrawals), ""));
        withdraw(before);
        LOG.info("Plugin {} is active: {}", name, plugin.typeNames());
    }

    private void refuse(String name, byte[] digest, @Nullable Entry before, String reason) {
        Live kept = before == null ? null : before.live();
        String detail = kept == null
                ? reason
                : reason + " (version " + kept.plugin().manifest().version() + " stays in service)";
        entries.put(name, new Entry(digest, kept, detail));
        LOG.error("Plugin {} is refused: {}", name, detail);
    }

    /** No effect when there is no such plugin. */
    void remove(String name) {
        Entry before = entries.remove(name);
        withdraw(before);
        if (before != null) {
            LOG.info("Plugin {} is removed", name);
        }
    }

    private static void withdraw(@Nullable Entry entry) {
        Live live = entry == null ? null : entry.live();
        if (live != null) {
            live.withdrawals().forEach(Runnable::run);
            live.plugin().module().close();
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
        return new Plugin(name, version, FORMAT, entry.error().isEmpty() ? "active" : "failed", entry.error(), types);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
