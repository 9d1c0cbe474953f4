package io.helix.shell;

import io.helix.api.HelixException;
import io.helix.api.vault.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code helix:credential-set}. */
@Service
@Command(
        scope = "helix",
        name = "credential-set",
        description = "Stores a credential; asks for the secret, which no history keeps")
public final class SetCredential extends HelixCommand {
    @Argument(index = 0, name = "name", description = "Its name", required = true)
    String name = "";

    @Option(name = "--file", description = "Read the secret from this file of the server, as it is")
    @Nullable
    String file;

    @Override
    void run(Screen screen) throws IOException {
        byte[] secret = file == null ? asked() : file(file);
        try {
            if (secret.length == 0) {
                throw HelixException.invalid("the secret is empty; nothing was stored");
            }
            Vault.Version version = control().putCredential(caller(), profile(), name, secret);
            screen.line("stored " + version.name() + ", version " + version.version());
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private byte[] asked() throws IOException {
        String line = prompt();
        return line == null ? new byte[0] : line.getBytes(StandardCharsets.UTF_8);
    }

    private @Nullable String prompt() throws IOException {
        try {
            // The mask 0 shows nothing, not even the length.
            return session().readLine("Secret: ", '\0');
        } catch (UnsupportedOperationException e) {
            throw HelixException.invalid("nobody can be asked here; use --file with a file of the server");
        }
    }
}
