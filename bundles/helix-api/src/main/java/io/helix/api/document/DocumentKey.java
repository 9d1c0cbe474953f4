package io.helix.api.document;

/** Names a document. The document of a profile has the profile's name twice. */
public record DocumentKey(String profile, Kind kind, String name) {
    @Override
    public String toString() {
        return kind.word() + "/" + name;
    }
}
