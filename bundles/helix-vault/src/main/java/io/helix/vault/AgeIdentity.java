package io.helix.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.framework.armor.ArmoredDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.armor.ArmoredEncryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519KeyFactory;
import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;

/** One X25519 key pair of age. Not a record: no method may print the secret half. */
final class AgeIdentity {
    private final String recipient;
    private final RecipientStanzaReader reader;
    private final RecipientStanzaWriter writer;

    private AgeIdentity(String recipient, RecipientStanzaReader reader, RecipientStanzaWriter writer) {
        this.recipient = recipient;
        this.reader = reader;
        this.writer = writer;
    }

    /** A new secret half, {@code AGE-SECRET-KEY-1...}; zero it after use. */
    static byte[] generate() {
        try {
            KeyPair pair = new X25519KeyPairGenerator().generateKeyPair();
            return pair.getPrivate().getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no X25519", e);
        }
    }

    /** @throws GeneralSecurityException when it is none; what it says may hold parts of the secret */
    static AgeIdentity of(byte[] secret) throws GeneralSecurityException {
        String recipient = new X25519KeyFactory()
                .translateKey(new SecretKeySpec(secret, "X25519"))
                .toString();
        return new AgeIdentity(
                recipient,
                X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(US_ASCII.decode(ByteBuffer.wrap(secret))),
                X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(recipient));
    }

    /** The public half, {@code age1...}. */
    String recipient() {
        return recipient;
    }

    String encrypt(byte[] plain) throws GeneralSecurityException, IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (WritableByteChannel channel =
                new ArmoredEncryptingChannelFactory().newEncryptingChannel(Channels.newChannel(out), List.of(writer))) {
            ByteBuffer rest = ByteBuffer.wrap(plain);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
        return out.toString(US_ASCII);
    }

    /** Zero the result after use. */
    byte[] decrypt(String armored) throws GeneralSecurityException, IOException {
        byte[] buffer = new byte[armored.length()]; // the plain text is always shorter
        try (ReadableByteChannel channel = new ArmoredDecryptingChannelFactory()
                .newDecryptingChannel(
                        Channels.newChannel(new ByteArrayInputStream(armored.getBytes(US_ASCII))), List.of(reader))) {
            ByteBuffer into = ByteBuffer.wrap(buffer);
            while (into.hasRemaining() && channel.read(into) >= 0) {
                // age authenticates each chunk; the last one says that it is the last
            }
            return Arrays.copyOf(buffer, into.position());
        } finally {
            Arrays.fill(buffer, (byte) 0);
        }
    }

    @Override
    public String toString() {
        return recipient;
    }
}
