package io.helix.shell;

import io.helix.api.HelixException;
import io.helix.api.event.DeadLetter;
import io.helix.api.event.StoredMessage;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code helix:dlq}. */
@Service
@Command(scope = "helix", name = "dlq", description = "Lists messages given up on; sends one again or deletes it")
public final class DeadLetters extends HelixCommand {
    @Option(name = "--resend", description = "Send the message with this sequence again")
    @Nullable
    Long resend;

    @Option(name = "--delete", description = "Delete the message with this sequence")
    @Nullable
    Long delete;

    @Option(name = "--limit", description = "At most so many")
    int limit = 20;

    @Override
    void run(Screen screen) {
        if (resend != null && delete != null) {
            throw HelixException.invalid("--resend and --delete together make no sense");
        }
        if (resend != null) {
            resend(screen, resend);
        } else if (delete != null) {
            control().deleteDeadLetter(caller(), profile(), delete);
            screen.line("deleted " + delete);
        } else {
            list(screen);
        }
    }

    private void resend(Screen screen, long sequence) {
        await(control().resend(caller(), profile(), sequence, null));
        screen.line("sent again " + sequence);
    }

    private void list(Screen screen) {
        List<StoredMessage> letters = control().deadLetters(caller(), profile(), null, limit);
        Table table = new Table("SEQUENCE", "STORED (UTC)", "CHANNEL", "ROUTE", "TRIES", "REASON");
        letters.forEach(letter -> table.row(
                letter.sequence(),
                ShellForms.time(letter.stored()),
                letter.headers().getOrDefault(DeadLetter.CHANNEL, ""),
                letter.route(),
                letter.headers().getOrDefault(DeadLetter.ATTEMPTS, ""),
                letter.headers().getOrDefault(DeadLetter.REASON, "")));
        screen.list(letters, table, "there are no dead letters");
    }
}
