package io.helix.drools.situation;

/** Something that is decided when a time has passed. */
sealed interface Deadline {
    /** On the session's clock; another time than before when it does not count any more. */
    long at();

    /** What was handed in first comes first. */
    long tieBreak();

    /** For the combinations that end with a hit. */
    record Sequence(HitFact last) implements Deadline {
        @Override
        public long at() {
            return last.isKept() ? ((JoinPlan) last.plan()).deadline(last) : Shelf.NEVER;
        }

        @Override
        public long tieBreak() {
            return last.arrival();
        }
    }

    /** For the hits of a window that does not overlap others. */
    record WindowEnd(OpenWindow window) implements Deadline {
        @Override
        public long at() {
            HitFact newest = window.shelf().newest();
            return newest == null
                    ? Shelf.NEVER
                    : ((AggregatePlan) window.memory().plan()).deadline(newest.time());
        }

        @Override
        public long tieBreak() {
            return 0;
        }
    }
}
