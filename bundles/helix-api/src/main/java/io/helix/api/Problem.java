package io.helix.api;

/**
 * One thing wrong at one place.
 *
 * @param where what the reader can find, e.g. {@code Rule/triage spec.match.data.label} or {@code line 3, column 7}
 * @param message what is wrong there and what to do
 */
public record Problem(String where, String message) {
    @Override
    public String toString() {
        return where.isEmpty() ? message : where + ": " + message;
    }
}
