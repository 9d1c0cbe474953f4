package io.helix.api.agent;

import java.util.function.Function;
import org.osgi.annotation.versioning.ProviderType;

/** The credentials of the profile that policy lets this agent read. Every read is decided and audited. */
@ProviderType
public interface Credentials {
    /**
     * Hands the clear text to {@code use}; the array is zeroed when it returns. Do not keep it, log it, or put it into an
     * event.
     *
     * @param purpose a word for the audit and the policies, e.g. {@code webhook-signature}
     * @throws io.helix.api.HelixException NOT_FOUND, FORBIDDEN
     */
    <T> T use(String name, String purpose, Function<byte[], T> use);
}
