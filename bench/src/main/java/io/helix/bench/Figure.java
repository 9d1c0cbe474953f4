package io.helix.bench;

/**
 * One measured value beside its peer.
 *
 * @param ratio how many times better than the peer; above 1 is better
 * @param bar what is good enough: a ratio, e.g. {@code >= 5x}, or a bound of the value, e.g. {@code <= 3 ms}
 * @param met whether the bar is reached
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

    /** Where the value itself is bounded, whatever the peer does. */
    static Figure atMost(String name, double value, String unit, String peer, double peerValue, double most) {
        String bar = "<= " + plain(most) + " " + unit;
        return new Figure(name, value, unit, peer, peerValue, peerValue / value, bar, value <= most);
    }

    /** What nothing can be better than, for comparison with other figures; less is better. */
    static Figure limit(String name, double value, String unit, String peer, double peerValue) {
        return new Figure(name, value, unit, peer, peerValue, peerValue / value, "a limit", true);
    }

    private static Figure of(
            String name, double value, String unit, String peer, double peerValue, double ratio, double least) {
        return new Figure(name, value, unit, peer, peerValue, ratio, ">= " + plain(least) + "x", ratio >= least);
    }

    private static String plain(double number) {
        return number == Math.rint(number)
                ? Long.toString((long) number)
                : Double.toString(Math.round(number * 100) / 100.0);
    }
}
