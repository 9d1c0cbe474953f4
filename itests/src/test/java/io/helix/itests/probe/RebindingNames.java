package io.helix.itests.probe;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Resolves names as the JVM does, but for {@link #HOST}: the first answer about it is {@link #FIRST}, every later one
 * {@link #LATER}, as a name server answers that wants to get past a check.
 */
public final class RebindingNames extends InetAddressResolverProvider implements InetAddressResolver {
    public static final String HOST = "rebinding.test";
    /** What the test allows in the place of a public address, so that it needs no network. */
    public static final String FIRST = "127.0.0.1";

    public static final String LATER = "127.0.0.2";

    private final AtomicInteger asked = new AtomicInteger();
    private @Nullable InetAddressResolver others;

    @Override
    public InetAddressResolver get(Configuration configuration) {
        others = configuration.builtinResolver();
        return this;
    }

    @Override
    public String name() {
        return "rebinding";
    }

    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
        if (!host.equals(HOST)) {
            return others().lookupByName(host, policy);
        }
        return Stream.of(InetAddress.getByName(asked.getAndIncrement() == 0 ? FIRST : LATER));
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
        return others().lookupByAddress(address);
    }

    private InetAddressResolver others() throws UnknownHostException {
        InetAddressResolver known = others;
        if (known == null) {
            throw new UnknownHostException("names are not resolved yet");
        }
        return known;
    }
}
