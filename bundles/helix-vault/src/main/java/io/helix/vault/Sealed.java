package io.helix.vault;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import io.helix.api.store.CipherTexts.CipherText;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;

/** From secrets to rows and back. Causes are left out of failures: a library may quote what it could not read. */
final class Sealed {
    private Sealed() {}

    static CipherText seal(AgeIdentity identity, Envelope row, byte[] secret, String author, Instant created) {
        byte[] plain = row.wrap(secret);
        try {
            return new CipherText(row.profile(), row.name(), row.version(), identity.encrypt(plain), author, created);
        } catch (GeneralSecurityException | IOException e) {
            throw new HelixException(ErrorKind.INTERNAL, "Cannot encrypt " + describe(row));
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** Zero the result after use. */
    static byte[] open(AgeIdentity identity, CipherText text) {
        Envelope row = new Envelope(text.profile(), text.name(), text.version());
        byte[] plain = decrypt(identity, text, row);
        try {
            return row.unwrap(plain).orElseThrow(() -> tampered(row, "it belongs to another row"));
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static byte[] decrypt(AgeIdentity identity, CipherText text, Envelope row) {
        try {
            return identity.decrypt(text.text());
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw tampered(row, "it does not decrypt");
        }
    }

    private static HelixException tampered(Envelope row, String how) {
        return new HelixException(
                ErrorKind.INTERNAL,
                "The stored text of " + describe(row) + " was changed: " + how + ". Put the credential again");
    }

    private static String describe(Envelope row) {
        return "'" + row.profile() + "/" + row.name() + "' version " + row.version();
    }
}
