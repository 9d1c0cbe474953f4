package io.helix.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.helix.api.ErrorKind;
import io.helix.api.HelixException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** The file that opens everything, in the form of {@code age-keygen}. */
record MasterFile(Path path) {
    private static final String SECRET = "AGE-SECRET-KEY-";
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    static MasterFile below(Path home) {
        return new MasterFile(home.resolve("secrets").resolve("master.age-identity"));
    }

    boolean exists() {
        return Files.exists(path);
    }

    AgeIdentity read() {
        requirePrivate();
        byte[] file = bytes();
        byte[] secret = secretLine(file);
        try {
            return AgeIdentity.of(secret);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw refused("holds no age identity: restore it from your backup");
        } finally {
            Arrays.fill(file, (byte) 0);
            Arrays.fill(secret, (byte) 0);
        }
    }

    private byte[] bytes() {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw refused("cannot be read");
        }
    }

    private void requirePrivate() {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
            if (!EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
                    .containsAll(permissions)) {
                throw refused("is open to others (" + PosixFilePermissions.toString(permissions)
                        + "): find out who read it, then chmod 600");
            }
        } catch (IOException e) {
            throw refused("cannot be read");
        }
    }

    /** The first line with a secret key, without passing through a String. */
    private static byte[] secretLine(byte[] file) {
        byte[] prefix = SECRET.getBytes(US_ASCII);
        int start = 0;
        while (start < file.length) {
            int end = lineEnd(file, start);
            if (end - start >= prefix.length
                    && Arrays.equals(file, start, start + prefix.length, prefix, 0, prefix.length)) {
                return Arrays.copyOfRange(file, start, end);
            }
            start = end + 1;
        }
        return new byte[0];
    }

    private static int lineEnd(byte[] file, int start) {
        int end = start;
        while (end < file.length && file[end] != '\n' && file[end] != '\r') {
            end++;
        }
        return end;
    }

    /** Writes a new identity; the file is there as a whole or not at all. */
    AgeIdentity generate() {
        byte[] secret = AgeIdentity.generate();
        try {
            AgeIdentity identity = AgeIdentity.of(secret);
            write(identity, secret);
            return identity;
        } catch (GeneralSecurityException | IOException e) {
            throw refused("cannot be written" + reason(e));
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private void write(AgeIdentity identity, byte[] secret) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        Files.createDirectories(directory, attribute(PosixFilePermissions.fromString("rwx------")));
        Path draft = Files.createTempFile(directory, "master", ".draft", attribute(OWNER));
        byte[] head = ("# The key to all credentials of this server. Keep a copy elsewhere; never share it.\n"
                        + "# public key: " + identity.recipient() + "\n")
                .getBytes(US_ASCII);
        try {
            Files.write(draft, head, StandardOpenOption.SYNC);
            Files.write(draft, secret, StandardOpenOption.APPEND, StandardOpenOption.SYNC);
            Files.write(draft, new byte[] {'\n'}, StandardOpenOption.APPEND, StandardOpenOption.SYNC);
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> attribute(Set<PosixFilePermission> permissions) {
        return PosixFilePermissions.asFileAttribute(permissions);
    }

    private static String reason(Exception e) {
        return e instanceof FileSystemException file && file.getReason() != null ? ": " + file.getReason() : "";
    }

    HelixException refused(String why) {
        return new HelixException(ErrorKind.INTERNAL, "The master identity " + path + " " + why);
    }
}
