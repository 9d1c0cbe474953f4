package io.helix.runtime.plugin;

import io.helix.api.HelixException;
import io.helix.api.agent.PluginTrust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether plugins are signed by somebody the installation trusts: ECDSA on P-256 over the SHA-256 of the file, DER in
 * Base64, beside it as {@code <file>.sig}, which is what {@code openssl dgst -sha256 -sign} and {@code cosign sign-blob}
 * with a key give. The trusted keys are the {@code .pem} files of a folder, read anew each time.
 */
@Component(configurationPid = "io.helix.plugins")
@Designate(ocd = SignatureCheck.Config.class)
public final class SignatureCheck implements PluginTrust {

    @ObjectClassDefinition(name = "Helix plugins")
    public @interface Config {
        @AttributeDefinition(description = "Plugins that no trusted key has signed: off, warn or require")
        String signatures() default "off";
    }

    private static final String SUFFIX = ".sig";
    private static final int MAX_SIGNATURE = 4096;
    private static final int MAX_KEY = 16 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(SignatureCheck.class);

    /** What happens with a plugin that no trusted key has signed. */
    enum Mode {
        /** Signatures are not looked at. */
        OFF,
        /** It is loaded, and said so. */
        WARN,
        /** It is refused. */
        REQUIRE;

        static Mode of(String text) {
            try {
                return valueOf(text.strip().toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                LOG.error("signatures = {} is not off, warn or require; require is taken", text);
                return REQUIRE;
            }
        }
    }

    private sealed interface Verdict {
        /** @param key the name of the file with the key */
        record Signed(String key) implements Verdict {}

        record Unsigned(String reason) implements Verdict {}
    }

    private record TrustedKey(String name, PublicKey key) {}

    private final Path keys;
    private volatile Mode mode;

    @Activate
    public SignatureCheck(BundleContext context, Config config) {
        this(Mode.of(config.signatures()), DeployFolder.home(context).resolve("etc/trusted-keys"));
    }

    SignatureCheck(Mode mode, Path keys) {
        this.mode = mode;
        this.keys = keys;
    }

    /** For what is loaded from now on; what is in service stays. */
    @Modified
    void configure(Config config) {
        mode = Mode.of(config.signatures());
    }

    @Override
    public Admission admit(Path file, byte[] bytes) {
        Mode asked = mode;
        if (asked == Mode.OFF) {
            return new Admission("", "");
        }
        return switch (check(file, bytes)) {
            case Verdict.Signed(String key) -> new Admission(key, "");
            case Verdict.Unsigned(String reason) when asked == Mode.REQUIRE -> throw HelixException.forbidden(reason);
            case Verdict.Unsigned(String reason) -> {
                LOG.warn("Plugin {} is loaded although {}", file.getFileName(), reason);
                yield new Admission("", reason);
            }
        };
    }

    private Verdict check(Path file, byte[] bytes) {
        Path beside = file.resolveSibling(file.getFileName() + SUFFIX);
        if (!Files.exists(beside)) {
            return new Verdict.Unsigned("it has no signature: " + beside.getFileName() + " is not there");
        }
        try {
            return verify(bytes, Base64.getMimeDecoder().decode(read(beside, MAX_SIGNATURE)));
        } catch (IOException | IllegalArgumentException e) {
            return new Verdict.Unsigned("its signature " + beside.getFileName() + " cannot be read: " + e.getMessage());
        }
    }

    private Verdict verify(byte[] bytes, byte[] signature) throws IOException {
        List<TrustedKey> trusted = trustedKeys();
        for (TrustedKey candidate : trusted) {
            if (verifies(candidate.key(), bytes, signature)) {
                return new Verdict.Signed(candidate.name());
            }
        }
        return new Verdict.Unsigned(
                trusted.isEmpty()
                        ? "no key is trusted: put public keys as .pem files into " + keys
                        : "none of the " + trusted.size() + " trusted keys has signed it");
    }

    private static boolean verifies(PublicKey key, byte[] bytes, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(key);
            verifier.update(bytes);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // not a signature at all, or of another kind of key
        }
    }

    private List<TrustedKey> trustedKeys() throws IOException {
        if (!Files.isDirectory(keys)) {
            return List.of();
        }
        List<TrustedKey> trusted = new ArrayList<>();
        try (Stream<Path> files = Files.list(keys)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".pem"))
                    .sorted()
                    .toList()) {
                try {
                    trusted.add(new TrustedKey(file.getFileName().toString(), publicKey(read(file, MAX_KEY))));
                } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
                    LOG.error("{} is not a public key for ECDSA on P-256 in PEM and is left out", file, e);
                }
            }
        }
        return trusted;
    }

    private static PublicKey publicKey(String pem) throws GeneralSecurityException {
        String base64 = pem.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "").replaceAll("\\s", "");
        PublicKey key = KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        if (!(key instanceof ECPublicKey ec) || !isP256(ec.getParams())) {
            throw new InvalidKeyException("it is not a key on the curve P-256");
        }
        return key;
    }

    private static boolean isP256(ECParameterSpec curve) throws GeneralSecurityException {
        AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
        named.init(new ECGenParameterSpec("secp256r1"));
        ECParameterSpec p256 = named.getParameterSpec(ECParameterSpec.class);
        return p256.getCurve().equals(curve.getCurve())
                && p256.getGenerator().equals(curve.getGenerator())
                && p256.getOrder().equals(curve.getOrder());
    }

    private static String read(Path file, int most) throws IOException {
        if (Files.size(file) > most) {
            throw new IOException(file.getFileName() + " is longer than " + most + " bytes");
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
