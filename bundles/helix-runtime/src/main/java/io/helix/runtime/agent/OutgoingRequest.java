package io.helix.runtime.agent;

import io.helix.api.agent.AgentException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.net.URIAuthority;

/** What callers ask for as a request of the HTTP client; refuses what would change how it is framed or where it goes. */
final class OutgoingRequest {
    private static final Set<String> NOT_FOR_CALLERS =
            Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private OutgoingRequest() {}

    static HttpUriRequestBase of(String method, URI uri, Map<String, String> headers, byte[] body)
            throws AgentException {
        if (!isToken(method) || method.equals("CONNECT")) {
            throw refused("'" + method + "' is not a method that can be used");
        }
        HttpUriRequestBase request = to(method, uri);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            checkHeader(header.getKey(), header.getValue());
            request.setHeader(header.getKey(), header.getValue());
        }
        if (body.length > 0) {
            request.setEntity(new ByteArrayEntity(body, null));
        }
        return request;
    }

    private static HttpUriRequestBase to(String method, URI uri) throws AgentException {
        try {
            HttpUriRequestBase request = new HttpUriRequestBase(method, uri);
            request.setAuthority(new URIAuthority(target(uri)));
            return request;
        } catch (IllegalArgumentException e) {
            throw AgentException.permanent("the request cannot be made: " + e.getMessage(), e);
        }
    }

    /** With an IPv6 address in the form without brackets, as TLS compares it with a certificate. */
    static HttpHost target(URI uri) {
        String host = uri.getHost();
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new HttpHost(uri.getScheme(), name, uri.getPort());
    }

    private static void checkHeader(String name, String value) throws AgentException {
        if (!isToken(name)) {
            throw refused("a header has an invalid name");
        }
        if (NOT_FOR_CALLERS.contains(name.toLowerCase(Locale.ROOT))) {
            throw refused("the header " + name + " is set by Helix only");
        }
        if (!value.chars().allMatch(OutgoingRequest::isHeaderChar)) {
            throw refused("the header " + name + " has characters that a header cannot have");
        }
    }

    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c -> c >= '0' && c <= '9'
                                || c >= 'A' && c <= 'Z'
                                || c >= 'a' && c <= 'z'
                                || TOKEN_MARKS.indexOf(c) >= 0);
    }

    private static boolean isHeaderChar(int c) {
        return c == '\t' || c >= ' ' && c < 0x7F || c >= 0xA0 && c <= 0xFF;
    }

    private static AgentException refused(String why) {
        return AgentException.permanent("the request cannot be made: " + why, new IllegalArgumentException(why));
    }
}
