package io.helix.runtime.plugin;

import io.helix.api.HelixException;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.agent.PluginTrust;
import io.helix.api.agent.PluginTrust.Admission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jars of the deploy folder and the bundles they are. A version that is refused, or does not start, leaves the one
 * before in service. Bundles are started for this run of the framework only, so that none runs after a restart before
 * its file was looked at again. Changes come from one thread; who reads may be any.
 */
final class BundleShelf {
    static final String FORMAT = "bundle";
    static final String SUFFIX = ".jar";
    private static final Logger LOG = LoggerFactory.getLogger(BundleShelf.class);
    private static final int START_LEVEL = 90; // after what the bundles use
    private static final long REFRESHED_WITHIN_SECONDS = 30;

    /**
     * @param error why the newest file was refused, or empty
     * @param waiting whether other bundles can make it good
     */
    private record Entry(Admission admission, String error, boolean waiting) {}

    private final BundleContext context;
    private final PluginTrust trust;
    private final Path folder;
    private final Path keptFolder;
    private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();

    /** @param keptFolder where a copy of each file is kept that has started, to go back to */
    BundleShelf(BundleContext context, PluginTrust trust, Path folder, Path keptFolder) {
        this.context = context;
        this.trust = trust;
        this.folder = folder;
        this.keptFolder = keptFolder;
    }

    /** Takes up a new or changed file; what it was that others waited for, they get. */
    void deploy(Path jar) {
        deployAlone(jar);
        retry();
    }

    /** No effect when there is no such plugin. */
    void remove(String name) {
        boolean known = entries.remove(name) != null;
        Bundle bundle = bundle(name);
        try {
            if (bundle != null) {
                bundle.uninstall();
                refresh(Set.of(bundle));
            }
            Files.deleteIfExists(kept(name));
        } catch (BundleException | IOException e) {
            LOG.error("Plugin {} cannot be removed as a whole", name, e);
        }
        if (known) {
            LOG.info("Plugin {} is removed", name);
        }
        retry();
    }

    /** Looks again at those that lack something; one may bring what the next needs. */
    void retry() {
        boolean progress = true;
        while (progress) {
            progress = false;
            for (String name : waiting()) {
                deployAlone(folder.resolve(name));
                progress |= !isWaiting(name);
            }
        }
    }

    boolean isAnyWaiting() {
        return !waiting().isEmpty();
    }

    private List<String> waiting() {
        return entries.keySet().stream().filter(this::isWaiting).toList();
    }

    private boolean isWaiting(String name) {
        Entry entry = entries.get(name);
        return entry != null && entry.waiting();
    }

    private void deployAlone(Path jar) {
        String name = jar.getFileName().toString();
        try {
            byte[] bytes = BundleFile.read(jar);
            Admission admission = admit(jar, bytes); // before anything of it is looked at
            BundleFile file = BundleFile.of(jar, bytes);
            Optional<String> missing = file.missing(wiring());
            if (missing.isEmpty()) {
                serve(name, file);
                entries.put(name, new Entry(admission, "", false));
            } else {
                hold(name, file);
                refuse(name, missing.get(), true);
            }
        } catch (IOException e) {
            refuse(name, "cannot be read: " + e.getMessage(), false);
        } catch (HelixException e) {
            refuse(name, e.message(), false);
        } catch (BundleException e) {
            refuse(name, reason(e), false);
        }
    }

    private Admission admit(Path jar, byte[] bytes) throws IOException, BundleException {
        try {
            return trust.admit(jar, bytes);
        } catch (HelixException e) {
            Bundle bundle = bundle(jar.getFileName().toString());
            if (bundle != null && isKept(jar.getFileName().toString(), bytes)) {
                bundle.stop(Bundle.STOP_TRANSIENT); // this is what runs
            }
            throw e;
        }
    }

    /** Installs what lacks something and does not start it: what it gives may be what others lack. */
    private void hold(String name, BundleFile file) throws BundleException {
        if (bundle(name) == null) {
            install(name, file);
        }
    }

    private void serve(String name, BundleFile file) throws BundleException, IOException {
        Bundle bundle = bundle(name);
        if (bundle == null) {
            start(install(name, file), file);
        } else if (isKept(name, file.bytes())) {
            start(bundle, file);
            return;
        } else {
            replace(name, bundle, file);
        }
        keep(name, file);
        LOG.info("Plugin {} is active", name);
    }

    private Bundle install(String name, BundleFile file) throws BundleException {
        Bundle bundle = context.installBundle(location(name), file.stream());
        bundle.adapt(BundleStartLevel.class).setStartLevel(START_LEVEL);
        return bundle;
    }

    private void replace(String name, Bundle bundle, BundleFile file) throws BundleException, IOException {
        try {
            update(bundle, file);
        } catch (BundleException e) {
            if (Files.exists(kept(name))) {
                update(bundle, BundleFile.of(kept(name), BundleFile.read(kept(name))));
            }
            throw e;
        }
    }

    private void update(Bundle bundle, BundleFile file) throws BundleException {
        if (!file.isFragment()) {
            bundle.stop(Bundle.STOP_TRANSIENT);
        }
        bundle.update(file.stream());
        refresh(Set.of(bundle));
        start(bundle, file);
    }

    private void start(Bundle bundle, BundleFile file) throws BundleException {
        if (file.isFragment()) {
            refresh(hosts(file));
        } else if (bundle.getState() != Bundle.ACTIVE) {
            bundle.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
        }
    }

    private Set<Bundle> hosts(BundleFile fragment) {
        Set<Bundle> hosts = new HashSet<>();
        for (Bundle bundle : context.getBundles()) {
            if (fragment.host().equals(bundle.getSymbolicName())) {
                hosts.add(bundle);
            }
        }
        return hosts;
    }

    /** Lets go of what bundles that are gone, or changed, gave to others. */
    private void refresh(Set<Bundle> bundles) {
        CountDownLatch refreshed = new CountDownLatch(1);
        FrameworkListener listener = event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                refreshed.countDown();
            }
        };
        wiring().refreshBundles(bundles, listener);
        try {
            if (!refreshed.await(REFRESHED_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Bundles {} take long to be refreshed", bundles);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private FrameworkWiring wiring() {
        return context.getBundle(0).adapt(FrameworkWiring.class);
    }

    private boolean isKept(String name, byte[] bytes) throws IOException {
        Path kept = kept(name);
        return Files.exists(kept) && Files.size(kept) == bytes.length && Arrays.equals(Files.readAllBytes(kept), bytes);
    }

    private void keep(String name, BundleFile file) throws IOException {
        Files.createDirectories(keptFolder);
        Path written = Files.createTempFile(keptFolder, "kept", ".tmp");
        try {
            Files.write(written, file.bytes());
            Files.move(written, kept(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private Path kept(String name) {
        return keptFolder.resolve(name);
    }

    private void refuse(String name, String reason, boolean waiting) {
        Bundle bundle = bundle(name);
        String detail = bundle != null && bundle.getState() == Bundle.ACTIVE
                ? reason + " (version " + bundle.getVersion() + " stays in service)"
                : reason;
        Entry before = entries.put(name, new Entry(new Admission("", ""), detail, waiting));
        if (before == null || !before.error().equals(detail)) {
            LOG.error("Plugin {} is refused: {}", name, detail);
        }
    }

    private static String reason(BundleException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return switch (e.getType()) {
            case BundleException.RESOLVE_ERROR -> "cannot be resolved: " + cause.getMessage();
            case BundleException.ACTIVATOR_ERROR -> "does not start: " + cause;
            default -> "cannot be installed: " + e.getMessage();
        };
    }

    private @Nullable Bundle bundle(String name) {
        return context.getBundle(location(name));
    }

    /** As the watcher of the folder would say it, which so knows what is already installed. */
    private String location(String name) {
        return folder.resolve(name).toFile().toURI().toString();
    }

    List<Plugin> plugins() {
        return entries.keySet().stream().flatMap(name -> plugin(name).stream()).toList();
    }

    /** @param name of the file */
    Optional<Plugin> plugin(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            return Optional.empty();
        }
        Bundle bundle = bundle(name);
        if (bundle == null || bundle.getState() == Bundle.UNINSTALLED) {
            return Optional.of(new Plugin(name, "", FORMAT, "failed", entry.error(), List.of()));
        }
        String version = bundle.getVersion().toString();
        if (!entry.error().isEmpty()) {
            String shown = bundle.getState() == Bundle.ACTIVE ? bundle.getSymbolicName() : name;
            return Optional.of(new Plugin(shown, version, FORMAT, "failed", entry.error(), List.of()));
        }
        return Optional.of(new Plugin(
                bundle.getSymbolicName(),
                version,
                FORMAT,
                state(bundle),
                entry.admission().note(),
                List.of()));
    }

    private static String state(Bundle bundle) {
        boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
        return switch (bundle.getState()) {
            case Bundle.ACTIVE -> "active";
            case Bundle.STARTING, Bundle.STOPPING -> "starting";
            default -> fragment ? "active" : "stopped";
        };
    }

    Optional<Long> bundleId(String name) {
        return Optional.ofNullable(bundle(name)).map(Bundle::getBundleId);
    }

    String signedBy(String name) {
        Entry entry = entries.get(name);
        return entry == null ? "" : entry.admission().signedBy();
    }

    /** The file of the bundle of that symbolic name, or of that file name. */
    Optional<Path> file(String name) {
        return entries.keySet().stream()
                .filter(file -> file.equals(name)
                        || plugin(file)
                                .filter(plugin -> plugin.name().equals(name))
                                .isPresent())
                .findFirst()
                .map(folder::resolve);
    }
}
