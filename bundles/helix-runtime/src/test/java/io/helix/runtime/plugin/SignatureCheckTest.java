package io.helix.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.HelixException;
import io.helix.api.agent.PluginTrust.Admission;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose plugins are loaded. */
class SignatureCheckTest {
    private static final byte[] CONTENT = "a plugin".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @TempDir
    Path keys;

    private final KeyPair mine;
    private final KeyPair theirs;

    SignatureCheckTest() throws GeneralSecurityException {
        mine = keyPair();
        theirs = keyPair();
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        return keyPair("secp256r1");
    }

    private static KeyPair keyPair(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private Admission admit(SignatureCheck.Mode mode, byte[] content) {
        return new SignatureCheck(mode, keys).admit(folder.resolve("a.jar"), content);
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(() -> admit(SignatureCheck.Mode.REQUIRE, CONTENT))
                .isInstanceOf(HelixException.class)
                .hasMessageContaining(reason);
    }

    private void trust(String name, KeyPair key) throws IOException {
        String base64 = Base64.getMimeEncoder().encodeToString(key.getPublic().getEncoded());
        Files.writeString(keys.resolve(name), "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n");
    }

    private void sign(KeyPair key) throws IOException, GeneralSecurityException {
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(key.getPrivate());
        signer.update(CONTENT);
        Files.writeString(folder.resolve("a.jar.sig"), Base64.getEncoder().encodeToString(signer.sign()));
    }

    @Test
    void looksAtNothingUnlessAsked() throws Exception {
        Files.writeString(folder.resolve("a.jar.sig"), "garbage");
        assertThat(admit(SignatureCheck.Mode.OFF, CONTENT)).isEqualTo(new Admission("", ""));
    }

    @Test
    void admitsWhatATrustedKeyHasSignedAndSaysWhoseItWas() throws Exception {
        trust("mine.pem", mine);
        trust("theirs.pem", theirs);
        sign(mine);
        assertThat(admit(SignatureCheck.Mode.REQUIRE, CONTENT)).isEqualTo(new Admission("mine.pem", ""));
    }

    @Test
    void refusesWhatNobodyHasSignedOrWarnsOfIt() throws Exception {
        trust("mine.pem", mine);
        assertRefused("it has no signature: a.jar.sig is not there");
        assertThat(admit(SignatureCheck.Mode.WARN, CONTENT))
                .isEqualTo(new Admission("", "it has no signature: a.jar.sig is not there"));
    }

    @Test
    void refusesWhatWasChangedAfterItWasSigned() throws Exception {
        trust("mine.pem", mine);
        sign(mine);
        assertThatThrownBy(() -> admit(SignatureCheck.Mode.REQUIRE, new byte[] {1}))
                .hasMessageContaining("none of the 1 trusted keys");
    }

    @Test
    void aSignatureOfAStrangerCountsForNothingUntilHisKeyIsTrusted() throws Exception {
        assertThatThrownBy(() -> {
                    sign(theirs);
                    admit(SignatureCheck.Mode.REQUIRE, CONTENT);
                })
                .hasMessageContaining("no key is trusted");
        trust("mine.pem", mine);
        assertRefused("none of the 1 trusted keys");
        trust("theirs.pem", theirs);
        assertThat(admit(SignatureCheck.Mode.REQUIRE, CONTENT).signedBy()).isEqualTo("theirs.pem");
    }

    @Test
    void aKeyOnAnotherCurveIsNotTrusted() throws Exception {
        KeyPair other = keyPair("secp384r1");
        trust("other.pem", other);
        sign(other);
        assertRefused("no key is trusted");
    }

    @Test
    void garbageIsNoSignatureAndNoKey() throws Exception {
        byte[] garbage = new byte[500];
        new Random(1).nextBytes(garbage);
        Files.write(keys.resolve("0.pem"), garbage);
        Files.write(keys.resolve("1.pem"), new byte[20_000]);
        Files.writeString(keys.resolve("2.pem"), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        Files.createDirectory(keys.resolve("3.pem"));
        Files.writeString(keys.resolve("readme.txt"), "not a key");
        trust("mine.pem", mine);
        for (byte[] signature :
                List.of(garbage, new byte[0], new byte[10_000], "AAAA".getBytes(StandardCharsets.UTF_8))) {
            Files.write(folder.resolve("a.jar.sig"), signature);
            assertRefused("");
        }
        sign(mine);
        assertThat(admit(SignatureCheck.Mode.REQUIRE, CONTENT).signedBy()).isEqualTo("mine.pem");
    }

    @Test
    void aModeThatIsNoneIsTheStrictest() {
        assertThat(SignatureCheck.Mode.of(" Warn ")).isEqualTo(SignatureCheck.Mode.WARN);
        assertThat(SignatureCheck.Mode.of("on")).isEqualTo(SignatureCheck.Mode.REQUIRE);
    }
}
