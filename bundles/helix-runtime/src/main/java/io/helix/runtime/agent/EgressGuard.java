package io.helix.runtime.agent;

import io.helix.api.agent.AgentException;
import io.helix.api.rule.IpBlock;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Which addresses agents may call. Loopback, link-local (with the metadata services of clouds), private, shared,
 * multicast and reserved addresses are refused unless the operator allows them, by host name or address block. What
 * counts is the address a name resolves to: if one of them is refused, the name is.
 */
public final class EgressGuard {
    private static final List<IpBlock> REFUSED = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/128",
            "::1/128",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8");

    private final List<IpBlock> allowedBlocks = new ArrayList<>();
    private final List<String> allowedHosts = new ArrayList<>();
    private final Names names;

    /** Asks for the addresses of a host name or literal. */
    interface Names {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** Why a host was refused, as the cause of what the agent is told. */
    static final class NotPublic extends Exception {
        private static final long serialVersionUID = 1L;

        private final String host;

        NotPublic(String host) {
            super(host + " has an address that is not public", null, false, false);
            this.host = host;
        }

        String host() {
            return host;
        }
    }

    /** @param allowed host names ({@code printer.lan}, optionally with {@code :port}) and blocks ({@code 127.0.0.1/32}) */
    public EgressGuard(List<String> allowed) {
        this(allowed, InetAddress::getAllByName);
    }

    EgressGuard(List<String> allowed, Names names) {
        this.names = names;
        for (String entry : allowed) {
            String text = entry.strip().toLowerCase(Locale.ROOT);
            IpBlock.parse(text).ifPresentOrElse(allowedBlocks::add, () -> allowedHosts.add(text));
        }
    }

    /**
     * Looks at the form of a URL only; where it leads to is checked by {@link #addresses}.
     *
     * @throws AgentException permanent when it is not one that agents may call
     */
    void checkForm(URI uri) throws AgentException {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")
                || uri.getHost() == null
                || uri.getRawUserInfo() != null) {
            throw AgentException.permanent(
                    "'" + shown(uri) + "' is not an http or https URL with a host and without user info");
        }
    }

    /**
     * Resolves once; who connects to these addresses and no others connects to what was checked.
     *
     * @param host a name, or a literal, with or without brackets
     * @return at least one
     * @throws AgentException permanent when the host is refused; retryable when the name does not resolve
     */
    List<InetAddress> addresses(String host, int port) throws AgentException {
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        List<InetAddress> addresses = resolve(name);
        if (allowed(name, port)) {
            return addresses;
        }
        for (InetAddress address : addresses) {
            if (refused(literal(address))) {
                throw AgentException.permanent(
                        "the egress guard refuses " + host + " (" + address.getHostAddress()
                                + "): it is not a public address. An operator can allow it with egress.allow in io.helix.runtime.cfg",
                        new NotPublic(name));
            }
        }
        return addresses;
    }

    private List<InetAddress> resolve(String name) throws AgentException {
        try {
            List<InetAddress> addresses = new ArrayList<>();
            for (InetAddress address : names.resolve(name)) {
                addresses.add(unmapped(name, address));
            }
            if (!addresses.isEmpty()) {
                return addresses;
            }
        } catch (UnknownHostException e) {
            throw AgentException.retryable("host '" + name + "' cannot be resolved", e);
        }
        throw AgentException.retryable("host '" + name + "' cannot be resolved");
    }

    /** A name server may give an IPv4 address as IPv6 (::ffff:a.b.c.d), which would be in none of the IPv4 blocks. */
    private static InetAddress unmapped(String name, InetAddress address) throws UnknownHostException {
        InetAddress plain = InetAddress.getByAddress(name, address.getAddress());
        return plain instanceof Inet4Address ? plain : address;
    }

    private boolean allowed(String host, int port) {
        String lower = host.toLowerCase(Locale.ROOT);
        String name = lower.indexOf(':') < 0 ? lower : "[" + lower + "]";
        return allowedHosts.contains(name) || allowedHosts.contains(name + ":" + port);
    }

    private boolean refused(String address) {
        return REFUSED.stream().anyMatch(block -> block.contains(address))
                && allowedBlocks.stream().noneMatch(block -> block.contains(address));
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    private static List<IpBlock> blocks(String... texts) {
        return Stream.of(texts).map(text -> IpBlock.parse(text).orElseThrow()).toList();
    }

    private static String shown(URI uri) {
        return uri.getScheme() + "://" + uri.getHost();
    }
}
