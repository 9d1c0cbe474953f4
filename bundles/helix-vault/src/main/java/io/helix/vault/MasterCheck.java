package io.helix.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.helix.api.HelixException;
import io.helix.api.store.CipherTexts;
import io.helix.api.store.CipherTexts.CipherText;
import java.time.Clock;
import java.util.Optional;

/**
 * Brings file and database together. A text in the database that only the right master opens says that there are
 * secrets, so that a lost file is noticed and never replaced by a new one.
 */
final class MasterCheck {
    private static final Envelope ROW = new Envelope("@vault", "@master", 1);
    private static final byte[] TEXT = "helix".getBytes(US_ASCII);

    private final MasterFile file;
    private final CipherTexts texts;
    private final Clock clock;

    MasterCheck(MasterFile file, CipherTexts texts, Clock clock) {
        this.file = file;
        this.texts = texts;
        this.clock = clock;
    }

    /** @throws HelixException INTERNAL when the operator must act; UNAVAILABLE when the database is away */
    AgeIdentity open() {
        Optional<CipherText> check = texts.newest(ROW.profile(), ROW.name());
        if (check.isEmpty()) {
            return first();
        }
        if (!file.exists()) {
            throw file.refused("is missing, but the database holds credentials for it: restore it from your backup");
        }
        AgeIdentity master = file.read();
        prove(master, check.get());
        return master;
    }

    private AgeIdentity first() {
        AgeIdentity master = file.exists() ? file.read() : file.generate();
        texts.add(Sealed.seal(master, ROW, TEXT, "helix", clock.instant()), 1);
        return master;
    }

    private void prove(AgeIdentity master, CipherText check) {
        try {
            Sealed.open(master, check);
        } catch (HelixException e) {
            throw file.refused("is not the one that the credentials in the database are for: restore that one");
        }
    }
}
