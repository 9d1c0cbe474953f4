package io.helix.api.agent;

import java.nio.file.Path;

/** Whether the file of a plugin may be loaded, by who has signed it. A service. Thread safe. */
@FunctionalInterface
public interface PluginTrust {
    /**
     * @param file where it is; its signature is beside it, as {@code <file>.sig}
     * @param bytes what is loaded afterwards; the file is not read again
     * @throws io.helix.api.HelixException FORBIDDEN, with the reason, when it may not be loaded
     */
    Admission admit(Path file, byte[] bytes);

    /**
     * @param signedBy the name of the trusted key; empty when there is none, or nobody asked
     * @param note what an operator should know although the file may be loaded, or empty
     */
    record Admission(String signedBy, String note) {}
}
