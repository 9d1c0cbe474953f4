package io.helix.runtime.plugin;

import io.helix.api.HelixException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.felix.utils.resource.ResourceBuilder;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Capability;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/**
 * A bundle as it was read once; the file is not read again.
 *
 * @param resource what it needs and gives
 * @param host the symbolic name of the bundle that it is a fragment of, or empty
 */
record BundleFile(byte[] bytes, Resource resource, String host) {
    private static final int MAX_BYTES = 128 * 1024 * 1024;
    private static final int MAX_MANIFEST = 1024 * 1024;

    /** @throws HelixException INVALID when it is too long */
    static byte[] read(Path jar) throws IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw HelixException.invalid("is longer than " + MAX_BYTES + " bytes");
            }
            return bytes;
        }
    }

    /** @throws HelixException INVALID when it is no bundle */
    static BundleFile of(Path jar, byte[] bytes) throws IOException {
        Map<String, String> headers = headers(bytes);
        if (!headers.containsKey(Constants.BUNDLE_SYMBOLICNAME)) {
            throw HelixException.invalid("is not an OSGi bundle: its manifest has no Bundle-SymbolicName");
        }
        String host = headers.getOrDefault(Constants.FRAGMENT_HOST, "")
                .split(";", 2)[0]
                .strip();
        return new BundleFile(bytes, resource(jar, headers), host);
    }

    /** Those of the manifest, wherever in the jar that is. */
    private static Map<String, String> headers(byte[] bytes) throws IOException {
        Map<String, String> headers = new HashMap<>();
        boolean empty = true;
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                empty = false;
                if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    Manifest manifest = new Manifest(new ByteArrayInputStream(in.readNBytes(MAX_MANIFEST)));
                    manifest.getMainAttributes()
                            .forEach((name, value) -> headers.put(String.valueOf(name), String.valueOf(value)));
                    break;
                }
            }
        } catch (IllegalArgumentException e) { // names that are not UTF-8
            throw HelixException.invalid("is not a jar: " + e.getMessage());
        }
        if (empty) {
            throw HelixException.invalid("is not a jar");
        }
        return headers;
    }

    private static Resource resource(Path jar, Map<String, String> headers) {
        try {
            return ResourceBuilder.build(jar.toUri().toString(), headers);
        } catch (BundleException e) {
            throw HelixException.invalid("is not an OSGi bundle: " + e.getMessage());
        }
    }

    InputStream stream() {
        return new ByteArrayInputStream(bytes);
    }

    boolean isFragment() {
        return !host.isEmpty();
    }

    /** What it needs and neither it nor any installed bundle has; empty when there is nothing. */
    Optional<String> missing(FrameworkWiring wiring) {
        return resource.getRequirements(null).stream()
                .filter(BundleFile::isMandatory)
                .filter(requirement -> !isOwn(requirement))
                .filter(requirement -> wiring.findProviders(requirement).isEmpty())
                .findFirst()
                .map(requirement -> "cannot be resolved: nothing provides " + requirement.getNamespace() + " "
                        + requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, ""));
    }

    private static boolean isMandatory(Requirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        return !Namespace.RESOLUTION_OPTIONAL.equals(directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE))
                && Namespace.EFFECTIVE_RESOLVE.equals(directives.getOrDefault(
                        Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, Namespace.EFFECTIVE_RESOLVE));
    }

    /** A package that it exports and imports as well. */
    private boolean isOwn(Requirement requirement) {
        String namespace = requirement.getNamespace();
        String filter = requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        return resource.getCapabilities(namespace).stream()
                .map(Capability::getAttributes)
                .anyMatch(attributes -> filter.contains("(" + namespace + "=" + attributes.get(namespace) + ")"));
    }
}
