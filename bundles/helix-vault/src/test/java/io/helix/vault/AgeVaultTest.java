package io.helix.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import io.helix.api.ErrorKind;
import io.helix.api.Health;
import io.helix.api.HelixException;
import io.helix.api.store.CipherTexts;
import io.helix.api.store.CipherTexts.CipherText;
import io.helix.api.vault.Vault;
import io.helix.sdk.testing.store.InMemoryStore;
import io.helix.sdk.testing.vault.VaultContract;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgeVaultTest extends VaultContract {
    private static final String CANARY = "canary-91c4-secret";

    @TempDir
    private Path home;

    private final InMemoryStore store = new InMemoryStore();
    private final CipherTexts texts = store.cipherTexts();

    @Override
    protected AgeVault create() {
        return open(home);
    }

    private AgeVault open(Path at) {
        return new AgeVault(texts, MasterFile.below(at), Clock.systemUTC());
    }

    @Test
    void whatIsStoredIsAnAgeTextWithoutTheSecret() {
        put(create(), "demo", "token", CANARY);
        assertThat(stored("demo", "token").text())
                .startsWith("-----BEGIN AGE ENCRYPTED FILE-----")
                .doesNotContain(CANARY);
    }

    @Test
    void credentialsSurviveARestart() {
        put(create(), "demo", "token", CANARY);
        assertThat(read(create(), "demo", "token")).isEqualTo(CANARY);
    }

    @Test
    void theMasterIsForTheOwnerOnlyAndInTheFormOfAgeKeygen() throws IOException {
        put(create(), "demo", "token", CANARY);
        Path file = MasterFile.below(home).path();
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(permissions(file.resolveSibling("."))).isEqualTo("rwx------");
        assertThat(Files.readString(file)).matches("(?s)#.*\n# public key: age1.*\nAGE-SECRET-KEY-1[A-Z0-9]+\n");
        try (var files = Files.list(file.resolveSibling("."))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aLostMasterIsNeverReplaced() throws IOException {
        put(create(), "demo", "token", CANARY);
        Files.delete(MasterFile.below(home).path());
        AgeVault vault = create();
        assertInternal("is missing", () -> read(vault, "demo", "token"));
        assertInternal("is missing", () -> put(vault, "new", "token", "x"));
        assertThat(vault.health().state()).isEqualTo(Health.State.DOWN);
        assertThat(vault.health().detail()).contains("restore it from your backup");
        assertThat(MasterFile.below(home).exists()).isFalse();
    }

    @Test
    void aMasterThatOthersCanReadIsRefused() throws IOException {
        put(create(), "demo", "token", CANARY);
        Path file = MasterFile.below(home).path();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        AgeVault vault = create();
        assertInternal("is open to others (rw-r-----)", () -> read(vault, "demo", "token"));
        assertThat(vault.health().state()).isEqualTo(Health.State.DOWN);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(read(vault, "demo", "token")).isEqualTo(CANARY);
        assertThat(vault.health().state()).isEqualTo(Health.State.UP);
    }

    @Test
    void anotherMasterIsRefused(@TempDir Path elsewhere) throws IOException {
        put(create(), "demo", "token", CANARY);
        MasterFile.below(elsewhere).generate();
        assertInternal("is not the one", () -> read(open(elsewhere), "demo", "token"));
    }

    @Test
    void aBrokenMasterIsRefusedWithoutQuotingIt() throws IOException {
        put(create(), "demo", "token", CANARY);
        Path file = MasterFile.below(home).path();
        String broken = Files.readString(file).replace("AGE-SECRET-KEY-1", "AGE-SECRET-KEY-1QQ");
        Files.writeString(file, broken);
        AgeVault vault = create();
        String secret = broken.substring(broken.indexOf("AGE-SECRET"), broken.length() - 1);
        assertThatThrownBy(() -> read(vault, "demo", "token"))
                .isInstanceOf(HelixException.class)
                .satisfies(failure -> assertThat(printed(failure)).doesNotContain(secret.substring(16)));
    }

    @Test
    void aChangedTextIsNotRead() {
        AgeVault vault = create();
        put(vault, "demo", "token", CANARY);
        String text = stored("demo", "token").text();
        int middle = text.length() - 60;
        char other = text.charAt(middle) == 'A' ? 'B' : 'A';
        overwrite("demo", "token", text.substring(0, middle) + other + text.substring(middle + 1));
        assertInternal("was changed", () -> read(vault, "demo", "token"));
        overwrite("demo", "token", text.substring(0, text.length() / 2));
        assertInternal("was changed", () -> read(vault, "demo", "token"));
        overwrite("demo", "token", "");
        assertInternal("was changed", () -> read(vault, "demo", "token"));
    }

    @Test
    void swappedRowsAreNotRead() {
        AgeVault vault = create();
        put(vault, "demo", "weak", "public");
        put(vault, "demo", "strong", CANARY);
        put(vault, "other", "weak", "public");
        overwrite("demo", "weak", stored("demo", "strong").text());
        assertInternal("belongs to another row", () -> read(vault, "demo", "weak"));
        overwrite("other", "weak", stored("demo", "strong").text());
        assertInternal("does not decrypt", () -> read(vault, "other", "weak"));
    }

    @Test
    void anOldVersionInPlaceOfANewOneIsNotRead() {
        AgeVault vault = create();
        put(vault, "demo", "token", "old");
        String old = stored("demo", "token").text();
        put(vault, "demo", "token", "new");
        CipherText newest = stored("demo", "token");
        texts.delete("demo", "token");
        texts.add(new CipherText("demo", "token", newest.version(), old, newest.author(), newest.created()), 5);
        assertInternal("belongs to another row", () -> read(vault, "demo", "token"));
    }

    @Test
    void theIdentityOfAProfileIsNoCredential() {
        AgeVault vault = create();
        put(vault, "demo", "token", CANARY);
        assertThat(vault.list("demo")).extracting(Vault.Version::name).containsExactly("token");
        assertFailure(ErrorKind.NOT_FOUND, () -> read(vault, "demo", "@identity"));
        assertFailure(ErrorKind.NOT_FOUND, () -> read(vault, "@vault", "@master"));
        assertFailure(ErrorKind.INVALID, () -> put(vault, "demo", "@identity", "x"));
        assertFailure(ErrorKind.INVALID, () -> put(vault, "@vault", "token", "x"));
        assertThat(vault.delete("demo", "@identity")).isFalse();
        assertThat(read(create(), "demo", "token")).isEqualTo(CANARY);
    }

    @Test
    void aLostIdentityOfAProfileIsNotReplacedWhileCredentialsNeedIt() {
        put(create(), "demo", "token", CANARY);
        texts.delete("demo", "@identity");
        AgeVault vault = create();
        assertInternal("is gone", () -> read(vault, "demo", "token"));
        assertInternal("is gone", () -> put(vault, "demo", "token", "x"));
    }

    @Test
    void itOpensWhenTheDatabaseComesBack() {
        store.away(true);
        AgeVault vault = create();
        assertFailure(ErrorKind.UNAVAILABLE, () -> put(vault, "demo", "token", CANARY));
        assertThat(vault.health().state()).isEqualTo(Health.State.STARTING);
        assertThat(MasterFile.below(home).exists()).isFalse();
        store.away(false);
        put(vault, "demo", "token", CANARY);
        assertThat(vault.health().state()).isEqualTo(Health.State.UP);
    }

    @Test
    void itOpensByItself() {
        Unlocking unlocking = new Unlocking(
                new MasterCheck(MasterFile.below(home), texts, Clock.systemUTC()), texts, Clock.systemUTC());
        unlocking.start();
        await().until(() -> unlocking.health().state() == Health.State.UP);
        unlocking.close();
    }

    @Test
    void concurrentPutsMakeOneVersionEach() {
        AgeVault vault = create();
        Set<Integer> versions = ConcurrentHashMap.newKeySet();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 20)
                    .forEach(i -> threads.execute(
                            () -> versions.add(vault.put("demo", "token", ("secret " + i).getBytes(UTF_8), "local/ann")
                                    .version())));
        }
        assertThat(versions).hasSize(20).contains(1, 20);
    }

    @Test
    void noFailurePrintsTheSecret() {
        AgeVault vault = create();
        put(vault, "demo", "token", CANARY);
        put(vault, "demo", "other", "x");
        overwrite("demo", "other", stored("demo", "token").text());
        assertThatThrownBy(() -> read(vault, "demo", "other"))
                .satisfies(failure -> assertThat(printed(failure)).doesNotContain(CANARY));
        AgeIdentity identity = MasterFile.below(home).read();
        assertThat(identity + vault.toString()).doesNotContain(CANARY).doesNotContain("SECRET-KEY");
    }

    @Test
    void thePublicHalfFollowsFromTheSecretHalf() throws Exception {
        KeyPair pair = new X25519KeyPairGenerator().generateKeyPair();
        assertThat(AgeIdentity.of(pair.getPrivate().getEncoded()).recipient())
                .isEqualTo(pair.getPublic().toString());
    }

    private void overwrite(String profile, String name, String text) {
        CipherText row = stored(profile, name);
        texts.delete(profile, name);
        texts.add(new CipherText(profile, name, row.version(), text, row.author(), row.created()), 5);
    }

    private CipherText stored(String profile, String name) {
        return texts.newest(profile, name).orElseThrow();
    }

    private static void put(Vault vault, String profile, String name, String secret) {
        vault.put(profile, name, secret.getBytes(UTF_8), "local/ann");
    }

    private static String read(Vault vault, String profile, String name) {
        return vault.use(profile, name, bytes -> new String(bytes, UTF_8));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static void assertInternal(String message, ThrowingCallable call) {
        assertFailure(ErrorKind.INTERNAL, call);
        assertThatThrownBy(call).hasMessageContaining(message);
    }

    private static void assertFailure(ErrorKind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        HelixException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }
}
