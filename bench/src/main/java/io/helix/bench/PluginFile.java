package io.helix.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Versions of the guest that differ in their bytes and in nothing else. */
final class PluginFile {
    private static final String SECTION = "version";

    private PluginFile() {}

    /** The guest with a custom section that holds {@code number}. */
    static byte[] version(int number) throws IOException {
        byte[] name = SECTION.getBytes(StandardCharsets.US_ASCII);
        byte[] content = String.format("%08d", number).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(GuestWork.module());
        out.write(0); // a custom section; its lengths fit into one byte each
        out.write(1 + name.length + content.length);
        out.write(name.length);
        out.writeBytes(name);
        out.writeBytes(content);
        return out.toByteArray();
    }
}
