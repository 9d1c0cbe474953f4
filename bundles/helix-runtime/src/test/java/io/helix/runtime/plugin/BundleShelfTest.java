package io.helix.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.helix.api.HelixException;
import io.helix.api.agent.PluginSource.Plugin;
import io.helix.api.agent.PluginTrust.Admission;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** Bundles of the deploy folder, in a framework of their own. */
class BundleShelfTest {
    @TempDir
    Path home;

    private Framework framework = new FrameworkFactory().newFramework(Map.of());
    private BundleShelf shelf = new BundleShelf(
            framework.getBundleContext(), (file, bytes) -> new Admission("", ""), Path.of("none"), Path.of("none"));
    private boolean trusted = true;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(home.resolve("deploy"));
        begin();
    }

    private void begin() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        home.resolve("cache").toString(),
                        Constants.FRAMEWORK_BEGINNING_STARTLEVEL,
                        "100"));
        framework.start();
        shelf = new BundleShelf(
                framework.getBundleContext(), this::admit, home.resolve("deploy"), home.resolve("kept"));
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(TimeUnit.SECONDS.toMillis(30));
    }

    private Admission admit(Path file, byte[] bytes) {
        if (trusted) {
            return new Admission("mine.pem", "");
        }
        throw HelixException.forbidden("not signed");
    }

    /** Does not start. */
    public static final class Failing implements BundleActivator {
        @Override
        public void start(BundleContext context) {
            throw new IllegalStateException("out of order");
        }

        @Override
        public void stop(BundleContext context) {}
    }

    private static Manifest manifest(String name, String version) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        attributes.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        attributes.putValue(Constants.BUNDLE_VERSION, version);
        return manifest;
    }

    private static Manifest with(Manifest manifest, String header, String value) {
        manifest.getMainAttributes().putValue(header, value);
        return manifest;
    }

    private Path jar(String file, Manifest manifest) throws IOException {
        Path jar = home.resolve("deploy").resolve(file);
        String activator = Failing.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream in =
                        Objects.requireNonNull(getClass().getClassLoader().getResourceAsStream(activator))) {
            out.putNextEntry(new JarEntry(activator));
            in.transferTo(out);
        }
        return jar;
    }

    private static Manifest failing(String name, String version) {
        return with(
                with(manifest(name, version), Constants.BUNDLE_ACTIVATOR, Failing.class.getName()),
                Constants.IMPORT_PACKAGE,
                "org.osgi.framework");
    }

    private Plugin deployed(Path jar) {
        shelf.deploy(jar);
        return shelf.plugin(jar.getFileName().toString()).orElseThrow();
    }

    private List<String> running() {
        return List.of(framework.getBundleContext().getBundles()).stream()
                .filter(bundle -> bundle.getBundleId() > 0 && bundle.getState() == Bundle.ACTIVE)
                .map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion())
                .toList();
    }

    @Test
    void aBundleIsInstalledReplacedAndRemoved() throws Exception {
        assertThat(deployed(jar("a.jar", manifest("a", "1.0.0"))))
                .isEqualTo(new Plugin("a", "1.0.0", "bundle", "active", "", List.of()));
        assertThat(shelf.signedBy("a.jar")).isEqualTo("mine.pem");

        assertThat(deployed(jar("a.jar", manifest("a", "1.1.0"))).version()).isEqualTo("1.1.0");
        assertThat(running()).containsExactly("a 1.1.0");
        assertThat(shelf.file("a")).contains(home.resolve("deploy/a.jar"));

        shelf.remove("a.jar");
        assertThat(running()).isEmpty();
        assertThat(shelf.plugins()).isEmpty();
        assertThat(home.resolve("kept")).isEmptyDirectory();
    }

    @Test
    void aFileThatHasNotChangedIsLeftAlone() throws Exception {
        Path jar = jar("a.jar", manifest("a", "1.0.0"));
        deployed(jar);
        Bundle bundle =
                framework.getBundleContext().getBundle(shelf.bundleId("a.jar").orElseThrow());
        long modified = bundle.getLastModified();

        assertThat(deployed(jar).state()).isEqualTo("active");
        assertThat(bundle.getLastModified()).isEqualTo(modified);
    }

    @Test
    void aFileThatIsNoBundleLeavesTheOneBeforeInServiceUntouched() throws Exception {
        Path jar = jar("a.jar", manifest("a", "1.0.0"));
        deployed(jar);
        long modified = framework.getBundleContext().getBundles()[1].getLastModified();

        Plugin refused = deployed(Files.writeString(jar, "no jar"));

        assertThat(refused.state()).isEqualTo("failed");
        assertThat(refused.detail()).isEqualTo("is not a jar (version 1.0.0 stays in service)");
        assertThat(running()).containsExactly("a 1.0.0");
        assertThat(framework.getBundleContext().getBundles()[1].getLastModified())
                .isEqualTo(modified);
        Manifest nameless = new Manifest();
        nameless.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        assertThat(deployed(jar("b.jar", nameless)).detail())
                .isEqualTo("is not an OSGi bundle: its manifest has no Bundle-SymbolicName");
    }

    @Test
    void aVersionThatDoesNotStartGivesWayToTheOneBefore() throws Exception {
        deployed(jar("a.jar", manifest("a", "1.0.0")));

        Plugin refused = deployed(jar("a.jar", failing("a", "2.0.0")));

        assertThat(refused.state()).isEqualTo("failed");
        assertThat(refused.detail()).contains("does not start", "out of order", "version 1.0.0 stays in service");
        assertThat(running()).containsExactly("a 1.0.0");
        assertThat(deployed(jar("a.jar", manifest("a", "2.0.1"))).detail()).isEmpty();
    }

    @Test
    void aVersionThatLacksSomethingDoesNotDisturbTheOneBefore() throws Exception {
        deployed(jar("a.jar", manifest("a", "1.0.0")));
        long modified = framework.getBundleContext().getBundles()[1].getLastModified();

        Plugin refused =
                deployed(jar("a.jar", with(manifest("a", "2.0.0"), Constants.IMPORT_PACKAGE, "org.example.nowhere")));

        assertThat(refused.detail())
                .contains("nothing provides osgi.wiring.package", "org.example.nowhere", "1.0.0 stays in service");
        assertThat(framework.getBundleContext().getBundles()[1].getLastModified())
                .isEqualTo(modified);
    }

    @Test
    void whatABundleLacksMayComeLater() throws Exception {
        Path user = jar("a.jar", with(manifest("a", "1.0.0"), Constants.IMPORT_PACKAGE, "org.example.x"));
        assertThat(deployed(user).state()).isEqualTo("failed");

        deployed(jar("b.jar", with(manifest("b", "1.0.0"), Constants.EXPORT_PACKAGE, "org.example.x")));

        assertThat(running()).containsExactlyInAnyOrder("a 1.0.0", "b 1.0.0");
        assertThat(shelf.isAnyWaiting()).isFalse();
    }

    @Test
    void twoBundlesMayNeedEachOther() throws Exception {
        Manifest a = with(manifest("a", "1.0.0"), Constants.IMPORT_PACKAGE, "org.example.b");
        Manifest b = with(manifest("b", "1.0.0"), Constants.IMPORT_PACKAGE, "org.example.a,org.example.b");
        deployed(jar("a.jar", with(a, Constants.EXPORT_PACKAGE, "org.example.a")));
        deployed(jar("b.jar", with(b, Constants.EXPORT_PACKAGE, "org.example.b")));

        assertThat(running()).containsExactlyInAnyOrder("a 1.0.0", "b 1.0.0");
    }

    @Test
    void twoFilesWithTheSameBundleDoNotFight() throws Exception {
        deployed(jar("a.jar", manifest("a", "1.0.0")));

        assertThat(deployed(jar("b.jar", manifest("a", "1.0.0"))).detail()).contains("cannot be installed");
        assertThat(running()).containsExactly("a 1.0.0");
    }

    @Test
    void aFileThatIsNotTrustedIsRefusedAndWhatRunsStays() throws Exception {
        deployed(jar("a.jar", manifest("a", "1.0.0")));
        trusted = false;

        assertThat(deployed(jar("a.jar", manifest("a", "2.0.0"))).detail())
                .isEqualTo("not signed (version 1.0.0 stays in service)");
        assertThat(deployed(jar("b.jar", manifest("b", "1.0.0"))).detail()).isEqualTo("not signed");
        assertThat(running()).containsExactly("a 1.0.0");
    }

    @Test
    void afterARestartNothingRunsBeforeItsFileWasLookedAtAgain() throws Exception {
        Path jar = jar("a.jar", manifest("a", "1.0.0"));
        deployed(jar);
        stop();
        begin();
        assertThat(running()).isEmpty();

        trusted = false;
        assertThat(deployed(jar).detail()).isEqualTo("not signed");
        assertThat(running()).isEmpty();

        trusted = true;
        assertThat(deployed(jar).state()).isEqualTo("active");
        assertThat(running()).containsExactly("a 1.0.0");
    }

    @Test
    void whatIsNoLongerTrustedStopsWhenItsFileIsLookedAt() throws Exception {
        Path jar = jar("a.jar", manifest("a", "1.0.0"));
        deployed(jar);
        trusted = false;

        assertThat(deployed(jar).detail()).isEqualTo("not signed");
        assertThat(running()).isEmpty();
    }
}
