package io.helix.itests;

import io.helix.itests.probe.Probe;
import io.helix.itests.probe.RebindingNames;
import java.io.IOException;
import java.io.InputStream;
import java.net.spi.InetAddressResolverProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.BundleActivator;

/** Makes bundles and other jars. */
final class Bundles {
    private static final String SYMBOLIC_NAME = "Bundle-SymbolicName";

    private Bundles() {}

    /**
     * A copy of the agent of {@code sdk/examples} with another name, type and greeting. In its classes and its component the
     * new text takes the place of the old, so it must be as long.
     *
     * @param type as long as {@code hello.greet}
     * @param greeting as long as {@code Hello}
     */
    static Path helloAs(Path jar, String type, String greeting, int version) throws IOException {
        try (JarFile hello = new JarFile(System.getProperty("helix.plugin.jar"))) {
            Manifest manifest = new Manifest(hello.getManifest());
            manifest.getMainAttributes().putValue(SYMBOLIC_NAME, type);
            manifest.getMainAttributes().putValue("Bundle-Version", "1.0." + version);
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                for (JarEntry entry : hello.stream().toList()) {
                    if (entry.isDirectory() || entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        continue;
                    }
                    out.putNextEntry(new JarEntry(entry.getName()));
                    try (InputStream in = hello.getInputStream(entry)) {
                        byte[] content = in.readAllBytes();
                        // With what is before it, as "Hello" alone is the name of the class as well.
                        content = replaced(content, "\"default\":\"Hello\"", "\"default\":\"" + greeting + "\"");
                        out.write(replaced(content, "hello.greet", type));
                    }
                }
            }
        }
        return jar;
    }

    private static byte[] replaced(byte[] content, String from, String to) {
        if (from.length() != to.length()) {
            throw new IllegalArgumentException(to + " is not as long as " + from);
        }
        // One byte is one character here, whatever it means.
        return new String(content, StandardCharsets.ISO_8859_1)
                .replace(from, to)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A bundle that cannot be resolved where nobody exports that package. */
    static Path importing(Path jar, String importedPackage) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue(SYMBOLIC_NAME, "itest.importing");
        attributes.putValue("Import-Package", importedPackage);
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    /** The bundle of {@link Probe}. */
    static Path probe(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue(SYMBOLIC_NAME, "itest.probe");
        attributes.putValue("Bundle-Version", "1.0.0");
        attributes.putValue("Bundle-Activator", Probe.class.getName());
        attributes.putValue("Import-Package", BundleActivator.class.getPackageName());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            write(Probe.class, out);
        }
        return jar;
    }

    /** For the class path of a server, which then resolves names with {@link RebindingNames}. */
    static Path rebindingNames(Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            write(RebindingNames.class, out);
            out.putNextEntry(new JarEntry("META-INF/services/" + InetAddressResolverProvider.class.getName()));
            out.write(RebindingNames.class.getName().getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private static void write(Class<?> type, JarOutputStream out) throws IOException {
        String entry = type.getName().replace('.', '/') + ".class";
        try (InputStream in = Bundles.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new JarEntry(entry));
            Objects.requireNonNull(in, entry).transferTo(out);
        }
    }
}
