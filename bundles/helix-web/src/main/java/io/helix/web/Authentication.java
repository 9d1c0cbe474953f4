package io.helix.web;

import io.helix.api.control.Caller;
import io.helix.api.control.ControlPlane;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the caller behind {@code Authorization: Bearer hlx_...} or {@code X-API-Key: hlx_...}. */
final class Authentication {
    private static final String SCHEME = "Bearer ";
    private static final int MAX_LENGTH = 512;

    private final ControlPlane control;

    Authentication(ControlPlane control) {
        this.control = control;
    }

    Identity require(HttpServletRequest request) {
        String key = presented(request)
                .orElseThrow(() -> refused(
                        "an API key is needed: send 'Authorization: Bearer hlx_...' or 'X-API-Key: hlx_...'",
                        "Bearer realm=\"helix\""));
        Caller caller = authenticate(key, request.getRemoteAddr())
                .orElseThrow(() -> refused(
                        "the API key is not valid: it is unknown, deleted or expired",
                        "Bearer realm=\"helix\", error=\"invalid_token\""));
        return new Identity(
                caller, () -> control.authenticate(key, caller.remoteAddress()).isPresent());
    }

    private Optional<Caller> authenticate(String key, String remoteAddress) {
        return key.length() > MAX_LENGTH ? Optional.empty() : control.authenticate(key, remoteAddress);
    }

    private static Optional<String> presented(HttpServletRequest request) {
        return bearer(request.getHeader("Authorization"))
                .or(() -> Optional.ofNullable(request.getHeader("X-API-Key")).map(String::trim))
                .filter(key -> !key.isEmpty());
    }

    private static Optional<String> bearer(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        return Optional.of(header.substring(SCHEME.length()).trim());
    }

    private static HttpFailure refused(String message, String challenge) {
        return new HttpFailure(401, message, Map.of("WWW-Authenticate", challenge));
    }
}
