package io.helix.shell;

import io.helix.api.document.Kind;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code helix:profiles}. */
@Service
@Command(scope = "helix", name = "profiles", description = "Lists profiles")
public final class ListProfiles extends ListDocuments {
    public ListProfiles() {
        super(Kind.PROFILE);
    }
}
