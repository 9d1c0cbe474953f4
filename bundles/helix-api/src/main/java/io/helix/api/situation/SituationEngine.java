package io.helix.api.situation;

import org.osgi.annotation.versioning.ProviderType;

/** Finds situations. Thread safe. */
@ProviderType
public interface SituationEngine {
    /**
     * A session with an empty memory, its clock at the epoch.
     *
     * @param partitions on how many threads hits are handled at once; 1 means on the caller's. Has no influence on what
     *     is found
     */
    SituationSession open(int partitions, Limits limits);

    /**
     * What one rule may take; a rule that wants more is given up, see {@link SituationSession.Outcome#faults()}.
     *
     * @param hits kept at the end of {@link SituationSession#offer}
     * @param candidates begun or completed by one hit or deadline: each pair of hits that is tried as neighbours counts
     */
    record Limits(int hits, int candidates) {
        public static final Limits DEFAULT = new Limits(100_000, 10_000);
    }
}
