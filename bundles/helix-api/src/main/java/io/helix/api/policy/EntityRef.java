package io.helix.api.policy;

/**
 * Names a principal, action or resource of the Helix Cedar schema.
 *
 * @param type without namespace, e.g. {@code Rule}
 * @param id e.g. {@code demo/triage}
 */
public record EntityRef(String type, String id) {
    @Override
    public String toString() {
        return type + "::\"" + id + "\"";
    }
}
