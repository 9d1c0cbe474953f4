package io.helix.api.event;

import org.osgi.annotation.versioning.ProviderType;

/** A message handed to a consumer. It is handed out again until its {@link Disposition} is known. */
@ProviderType
public interface Delivery {
    StoredMessage message();

    /** 1 the first time. */
    int attempt();

    /** Whether a {@link Disposition.Retry} would make it a dead letter. */
    boolean last();

    /** Tells the bus that work goes on, so that it does not hand the message out again meanwhile. */
    void inProgress();
}
