package io.helix.runtime.agent;

import io.helix.api.agent.AgentException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/** The only place where a connection gets its address from, literals included: what comes out has been checked. */
final class GuardedResolver implements DnsResolver {
    private static final int NO_PORT = -1;

    private final EgressGuard guard;

    GuardedResolver(EgressGuard guard) {
        this.guard = guard;
    }

    /** Carries what the guard says through a client that knows I/O errors only. */
    static final class Refused extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        private final AgentException reason;

        Refused(AgentException reason) {
            super(reason.getMessage());
            initCause(reason);
            this.reason = reason;
        }

        AgentException reason() {
            return reason;
        }
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        return checked(host, port).stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        return checked(host, NO_PORT).toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    private List<InetAddress> checked(String host, int port) throws UnknownHostException {
        try {
            return guard.addresses(host, port);
        } catch (AgentException e) {
            throw new Refused(e);
        }
    }
}
