package io.helix.api.rule;

import java.util.Arrays;
import java.util.Optional;

/**
 * A block of IPv4 or IPv6 addresses such as {@code 10.0.0.0/8}; a bare address is a block of one. Reads literals only
 * and never asks a name server.
 */
public final class IpBlock {
    private static final int MAX_TEXT = 64;

    private final byte[] network;
    private final int prefixBits;

    private IpBlock(byte[] network, int prefixBits) {
        this.network = network;
        this.prefixBits = prefixBits;
    }

    /** Empty when {@code text} is not a block. */
    public static Optional<IpBlock> parse(String text) {
        int slash = text.indexOf('/');
        byte[] network = address(slash < 0 ? text : text.substring(0, slash));
        int bits = slash < 0 ? network.length * 8 : decimal(text.substring(slash + 1), network.length * 8);
        return network.length == 0 || bits < 0 ? Optional.empty() : Optional.of(new IpBlock(network, bits));
    }

    /** False also when {@code text} is not an address, or one of the other family. */
    public boolean contains(String text) {
        byte[] address = address(text);
        if (address.length != network.length) {
            return false;
        }
        int whole = prefixBits / 8;
        if (!Arrays.equals(network, 0, whole, address, 0, whole)) {
            return false;
        }
        int rest = prefixBits % 8;
        return rest == 0 || (network[whole] ^ address[whole]) >> (8 - rest) == 0;
    }

    /** The bytes of an address; empty when {@code text} is none. */
    private static byte[] address(String text) {
        if (text.length() > MAX_TEXT) {
            return new byte[0];
        }
        return text.indexOf(':') < 0 ? ipv4(text) : ipv6(text);
    }

    private static byte[] ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] bytes = new byte[4];
        if (parts.length != 4) {
            return new byte[0];
        }
        for (int i = 0; i < 4; i++) {
            int value = decimal(parts[i], 255);
            if (value < 0) {
                return new byte[0];
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static byte[] ipv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = groups(text);
            return all.length == 16 ? all : new byte[0];
        }
        String left = text.substring(0, gap);
        String right = text.substring(gap + 2);
        byte[] head = groups(left);
        byte[] tail = groups(right);
        boolean malformed = head.length == 0 && !left.isEmpty() || tail.length == 0 && !right.isEmpty();
        if (malformed || head.length + tail.length > 14) {
            return new byte[0];
        }
        byte[] bytes = Arrays.copyOf(head, 16);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return bytes;
    }

    /** Groups of four hexadecimal digits, the last of which may be an IPv4 address; empty when malformed. */
    private static byte[] groups(String text) {
        String[] parts = text.split(":", -1);
        byte[] bytes = new byte[parts.length * 2 + 2];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            byte[] group = i == parts.length - 1 && parts[i].indexOf('.') >= 0 ? ipv4(parts[i]) : hex(parts[i]);
            if (group.length == 0) {
                return group;
            }
            System.arraycopy(group, 0, bytes, length, group.length);
            length += group.length;
        }
        return Arrays.copyOf(bytes, length);
    }

    private static byte[] hex(String text) {
        if (text.isEmpty() || text.length() > 4) {
            return new byte[0];
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return new byte[0];
            }
            value = value * 16 + digit;
        }
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    /** A number of at most three digits without leading zero; -1 when it is none or above {@code max}. */
    private static int decimal(String text, int max) {
        boolean wellFormed = !text.isEmpty()
                && text.length() <= 3
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && (text.length() == 1 || text.charAt(0) != '0');
        int value = wellFormed ? Integer.parseInt(text) : -1;
        return value <= max ? value : -1;
    }
}
