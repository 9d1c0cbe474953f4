package io.helix.agents;

import com.fasterxml.jackson.databind.JsonNode;
import io.helix.api.HelixException;
import io.helix.api.agent.Config;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The call that {@link HttpRequest} makes. */
record HttpRequestConfig(
        @Config("The address: http or https") String url,

        @Config(
                value = "The HTTP method",
                defaultValue = "\"GET\"",
                pattern = "^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$")
        String method,

        @Config(value = "Headers by name. No secrets: they belong in auth", defaultValue = "{}")
        Map<String, String> headers,

        @Config(value = "The body: a string is sent as text, anything else as JSON", optional = true) @Nullable
        JsonNode body,

        @Config(value = "How to authenticate, with a credential", optional = true) @Nullable
        Auth auth,

        @Config(value = "How long to wait for the answer, up to 5m", defaultValue = "\"30s\"")
        Duration timeout,

        @Config(value = "Whether to follow redirects, 5 at most", defaultValue = "false")
        boolean followRedirects,

        @Config(value = "Statuses and ranges of statuses that count as success", defaultValue = "[\"200-299\"]")
        List<String> successStatus,

        @Config(value = "How long an answer may be", defaultValue = "262144", min = 0, max = 1000000)
        int maxResponseBytes) {
    private static final Pattern STATUS = Pattern.compile("([1-5]\\d\\d)(?:-([1-5]\\d\\d))?");
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    // Left to the client: with a value of its own a sender could smuggle a second request.
    private static final Set<String> RESERVED =
            Set.of("host", "content-length", "transfer-encoding", "connection", "upgrade", "expect", "te", "trailer");

    /** @param header with scheme {@code header}: which one takes the credential */
    record Auth(
            @Config("bearer: Authorization with a token; basic: the credential holds user:password; header: a header of"
                    + " its own")
            Scheme scheme,

            @Config("The name of the credential") String credential,

            @Config(value = "The name of the header, for scheme header", defaultValue = "\"X-Api-Key\"")
            String header) {
        enum Scheme {
            BEARER,
            BASIC,
            HEADER
        }

        Auth {
            requireHeader(header, "");
        }
    }

    HttpRequestConfig {
        requireAddress(url);
        headers.forEach(HttpRequestConfig::requireHeader);
        headers = Map.copyOf(headers);
        successStatus = List.copyOf(successStatus);
        successStatus.forEach(HttpRequestConfig::range);
        if (timeout.isZero() || timeout.compareTo(Duration.ofMinutes(5)) > 0) {
            throw HelixException.invalid("timeout must be more than 0 and at most 5m");
        }
    }

    URI uri() {
        return requireAddress(url);
    }

    boolean success(int status) {
        return successStatus.stream().map(HttpRequestConfig::range).anyMatch(it -> it.contains(status));
    }

    private record Range(int from, int to) {
        boolean contains(int status) {
            return from <= status && status <= to;
        }
    }

    private static Range range(String text) {
        Matcher matcher = STATUS.matcher(text);
        if (!matcher.matches()) {
            throw HelixException.invalid(
                    "successStatus '" + text + "' is not a status or a range, e.g. 204 or 200-299");
        }
        int from = Integer.parseInt(matcher.group(1));
        return new Range(from, matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2)));
    }

    private static URI requireAddress(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw HelixException.invalid("url is not an address: " + e.getReason());
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https") || uri.getHost() == null) {
            throw HelixException.invalid("url must begin with http:// or https:// and name a host");
        }
        if (uri.getUserInfo() != null) {
            throw HelixException.invalid("url must not hold user or password: use auth with a credential");
        }
        return uri;
    }

    private static void requireHeader(String name, String value) {
        if (!HEADER_NAME.matcher(name).matches() || RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw HelixException.invalid("header '" + OneLine.of(name) + "' cannot be set");
        }
        if (value.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7f)) {
            throw HelixException.invalid("the value of header '" + name + "' holds control characters");
        }
    }
}
