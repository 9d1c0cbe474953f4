package io.helix.runtime.agent;

import io.helix.api.agent.AgentException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses agents may call. Loopback, link-local (with the metadata services of clouds), private, shared,
 * multicast and reserved addresses are refused unless the operator allows them, by host name or address block. What
 * counts is the address a name resolves to: if one of them is refused, the name is.
 */
public final class EgressGuard {
    private record Block(byte[] network, int bits) {
        boolean contains(byte[] address) {
            if (address.length != network.length) {
                return false;
            }
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (address[i] != network[i]) {
                    return false;
                }
            }
            int rest = bits % 8;
            return rest == 0 || ((address[whole] ^ network[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
        }

        static @Nullable Block parse(String text) {
            int slash = text.indexOf('/');
            String literal = slash < 0 ? text : text.substring(0, slash);
            if (!literal.matches("[0-9a-fA-F:.]+") || !literal.matches(".*[.:].*")) {
                return null;
            }
            try {
                byte[] address = InetAddress.getByName(literal).getAddress();
                int bits = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
                return bits < 0 || bits > address.length * 8 ? null : new Block(address, bits);
            } catch (UnknownHostException | NumberFormatException e) {
                return null;
            }
        }
    }

    private static final List<Block> REFUSED = blocks(
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

    private final List<Block> allowedBlocks = new ArrayList<>();
    private final List<String> allowedHosts = new ArrayList<>();

    /** @param allowed host names ({@code printer.lan}, optionally with {@code :port}) and blocks ({@code 127.0.0.1/32}) */
    public EgressGuard(List<String> allowed) {
        for (String entry : allowed) {
            Block block = Block.parse(entry.strip());
            if (block != null) {
                allowedBlocks.add(block);
            } else if (!entry.isBlank()) {
                allowedHosts.add(entry.strip().toLowerCase(Locale.ROOT));
            }
        }
    }

    /** @throws AgentException permanent when the target is refused; retryable when the name does not resolve */
    public void check(URI uri) throws AgentException {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        if (!scheme.equals("http") && !scheme.equals("https") || host == null || uri.getRawUserInfo() != null) {
            throw AgentException.permanent(
                    "'" + shown(uri) + "' is not an http or https URL with a host and without user info");
        }
        String name = host.toLowerCase(Locale.ROOT);
        if (allowedHosts.contains(name) || allowedHosts.contains(name + ":" + uri.getPort())) {
            return;
        }
        for (InetAddress address : resolve(host)) {
            if (refused(address.getAddress())) {
                throw AgentException.permanent(
                        "the egress guard refuses " + host + " (" + address.getHostAddress()
                                + "): it is not a public address. An operator can allow it with egress.allow in io.helix.runtime.cfg");
            }
        }
    }

    private static InetAddress[] resolve(String host) throws AgentException {
        try {
            String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return InetAddress.getAllByName(literal);
        } catch (UnknownHostException e) {
            throw AgentException.retryable("host '" + host + "' cannot be resolved");
        }
    }

    private boolean refused(byte[] address) {
        byte[] effective = unmapped(address);
        return REFUSED.stream().anyMatch(block -> block.contains(effective))
                && allowedBlocks.stream().noneMatch(block -> block.contains(effective));
    }

    /** An IPv4 address written as ::ffff:a.b.c.d counts as that IPv4 address. */
    private static byte[] unmapped(byte[] address) {
        boolean mapped =
                address.length == 16 && HexFormat.of().formatHex(address, 0, 12).equals("00000000000000000000ffff");
        return mapped ? java.util.Arrays.copyOfRange(address, 12, 16) : address;
    }

    private static List<Block> blocks(String... texts) {
        List<Block> blocks = new ArrayList<>();
        for (String text : texts) {
            Block block = Block.parse(text);
            if (block == null) {
                throw new IllegalStateException(text);
            }
            blocks.add(block);
        }
        return List.copyOf(blocks);
    }

    private static String shown(URI uri) {
        return uri.getScheme() + "://" + uri.getHost();
    }
}
