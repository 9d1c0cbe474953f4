package io.helix.sdk.testing.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.vault.Vault;
import io.helix.api.vault.Vault.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Vault} must do: extend it next to the implementation. */
public abstract class VaultContract {
    private Vault vault = new InMemoryVault();

    /** A new, empty vault. */
    protected abstract Vault create();

    @BeforeEach
    void createVault() {
        vault = create();
    }

    @Test
    void aSecretIsReadBackAsItWasPut() {
        byte[] bytes = new byte[256];
        IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) i);
        vault.put("demo", "binary", bytes, "local/ann");
        assertThat(vault.<byte[]>use("demo", "binary", byte[]::clone)).isEqualTo(bytes);
    }

    @Test
    void theFirstVersionIsOneAndEachPutMakesTheNext() {
        Version first = put("demo", "token", "one");
        Version second = put("demo", "token", "two");
        assertThat(first.version()).isEqualTo(1);
        assertThat(second.version()).isEqualTo(2);
        assertThat(second.author()).isEqualTo("local/ann");
        assertThat(read("demo", "token")).isEqualTo("two");
    }

    @Test
    void manyVersionsCanBePut() {
        IntStream.rangeClosed(1, 12).forEach(i -> put("demo", "token", "secret " + i));
        assertThat(read("demo", "token")).isEqualTo("secret 12");
        assertThat(vault.list("demo")).extracting(Version::version).containsExactly(12);
    }

    @Test
    void theListNamesTheNewestVersionOfEachCredentialInOrder() {
        put("demo", "b", "x");
        put("demo", "a", "x");
        put("demo", "b", "y");
        assertThat(vault.list("demo"))
                .extracting(version -> version.name() + " " + version.version())
                .containsExactly("a 1", "b 2");
    }

    @Test
    void profilesDoNotSeeEachOthersCredentials() {
        put("demo", "token", "of demo");
        put("other", "token", "of other");
        assertThat(read("demo", "token")).isEqualTo("of demo");
        assertThat(read("other", "token")).isEqualTo("of other");
        assertThat(vault.delete("other", "token")).isTrue();
        assertThat(vault.list("other")).isEmpty();
        assertThat(read("demo", "token")).isEqualTo("of demo");
    }

    @Test
    void anUnknownCredentialIsNotFound() {
        put("demo", "token", "x");
        assertFailure(ErrorKind.NOT_FOUND, () -> read("demo", "other"));
        assertFailure(ErrorKind.NOT_FOUND, () -> read("other", "token"));
    }

    @Test
    void aDeletedCredentialIsGone() {
        put("demo", "token", "x");
        assertThat(vault.delete("demo", "token")).isTrue();
        assertThat(vault.delete("demo", "token")).isFalse();
        assertThat(vault.list("demo")).isEmpty();
        assertFailure(ErrorKind.NOT_FOUND, () -> read("demo", "token"));
    }

    @Test
    void aSecretIsOneByteToSixtyFourKibibytes() {
        assertFailure(ErrorKind.INVALID, () -> vault.put("demo", "token", new byte[0], "local/ann"));
        assertFailure(ErrorKind.INVALID, () -> vault.put("demo", "token", new byte[64 * 1024 + 1], "local/ann"));
        vault.put("demo", "token", new byte[64 * 1024], "local/ann");
        assertThat(vault.<Integer>use("demo", "token", bytes -> bytes.length)).isEqualTo(64 * 1024);
    }

    @Test
    void theArrayIsZeroAfterTheCall() {
        put("demo", "token", "secret");
        List<byte[]> leaked = new ArrayList<>();
        vault.use("demo", "token", leaked::add);
        assertThat(leaked.getFirst()).containsOnly(0);
    }

    @Test
    void theArrayIsZeroAlsoWhenTheUserFails() {
        put("demo", "token", "secret");
        List<byte[]> leaked = new ArrayList<>();
        assertThatThrownBy(() -> vault.use("demo", "token", bytes -> {
                    leaked.add(bytes);
                    throw new IllegalStateException("user");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("user");
        assertThat(leaked.getFirst()).containsOnly(0);
    }

    @Test
    void thePutArrayIsNeitherKeptNorChanged() {
        byte[] mine = "secret".getBytes(UTF_8);
        vault.put("demo", "token", mine, "local/ann");
        assertThat(mine).isEqualTo("secret".getBytes(UTF_8));
        mine[0] = 'X';
        assertThat(read("demo", "token")).isEqualTo("secret");
    }

    @Test
    void nothingThatIsPrintedHoldsASecret() {
        String canary = "canary-7f3a-secret";
        Version version = put("demo", "token", canary);
        assertThat(vault.toString() + version + vault.list("demo")).doesNotContain(canary);
        assertThatThrownBy(() -> vault.put("demo", "token", canary.repeat(5_000).getBytes(UTF_8), "local/ann"))
                .hasMessageNotContaining(canary);
    }

    private Version put(String profile, String name, String secret) {
        return vault.put(profile, name, secret.getBytes(UTF_8), "local/ann");
    }

    private String read(String profile, String name) {
        return vault.use(profile, name, bytes -> new String(bytes, UTF_8));
    }

    private static void assertFailure(ErrorKind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        HelixException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }
}
