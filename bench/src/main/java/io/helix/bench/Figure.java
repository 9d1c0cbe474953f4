package io.helix.bench;

/**
 * One measured value beside its peer.
 *
 * @param ratio how many times better than the peer; above 1 is better
 * @param bar the least ratio that is good enough, e.g. {@code >= 5x}
 * @param met whether the ratio reaches the bar
 */
record Figure(
        String name, double value, String unit, String peer, double peerValue, double ratio, String bar, boolean met) {

    /** Where less is better, such as a time. */
    static Figure lessIsBetter(String name, double value, String unit, String peer, double peerValue, double least) {
        return of(name, value, unit, peer, peerValue, peerValue / value, least);
    }

    /** Where more is better, such as a rate. */
    static Figure moreIsBetter(String name, double value, String unit, String peer, double peerValue, double least) {
        return of(name, value, unit, peer, peerValue, value / peerValue, least);
    }

    private static Figure of(
            String name, double value, String unit, String peer, double peerValue, double ratio, double least) {
        String bar = ">= " + (least == Math.rint(least) ? Long.toString((long) least) : Double.toString(least)) + "x";
        return new Figure(name, value, unit, peer, peerValue, ratio, bar, ratio >= least);
    }
}
