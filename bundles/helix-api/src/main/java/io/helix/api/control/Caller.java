package io.helix.api.control;

import java.util.Set;

/**
 * Who calls, after authentication.
 *
 * @param type {@code ApiKey} or {@code User}
 * @param profile the profile it belongs to, or {@code *} for all
 * @param remoteAddress where the call came from; {@code local} for the shell
 */
public record Caller(
        String type, String id, String profile, Set<String> roles, Set<String> scopes, String remoteAddress) {
    public Caller {
        roles = Set.copyOf(roles);
        scopes = Set.copyOf(scopes);
    }

    @Override
    public String toString() {
        return type + "::" + id;
    }
}
