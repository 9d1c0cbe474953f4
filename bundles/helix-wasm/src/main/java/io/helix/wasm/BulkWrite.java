package io.helix.wasm;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyObject;

/** Copies bytes into the memory of a guest in one piece: through the input stream of its context. */
final class BulkWrite {
    /** The module under which the engine offers its own WASI. */
    static final String WASI = "helix.copy";

    private static final byte[] NOTHING = {};

    /** Below that the vector and the count of {@code fd_read} do not fit. */
    private static final int LEAST = 16;

    private final Value memory;
    private final Value fill;
    private final Feed feed;

    BulkWrite(Context context, Source module, Value guestExports, Feed feed) {
        this.memory = guestExports.getMember("memory");
        this.fill = context.eval(module)
                .newInstance(ProxyObject.fromMap(Map.of("guest", guestExports)))
                .getMember("exports")
                .getMember("fill");
        this.feed = feed;
    }

    void write(long offset, byte[] bytes) {
        if (bytes.length < LEAST) {
            for (int i = 0; i < bytes.length; i++) {
                memory.writeBufferByte(offset + i, bytes[i]);
            }
            return;
        }
        int tail = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - Integer.BYTES);
        feed.offer(bytes);
        int error = fill.execute((int) offset, bytes.length, tail).asInt();
        if (error != 0) {
            throw new IllegalStateException("copying " + bytes.length + " bytes to a guest failed with " + error);
        }
    }

    /** What {@code fd_read} reads. */
    static final class Feed extends InputStream {
        private byte[] bytes = NOTHING;
        private int position;

        private void offer(byte[] offered) {
            bytes = offered;
            position = 0;
        }

        @Override
        public int read() {
            return position < bytes.length ? bytes[position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            int count = Math.min(length, bytes.length - position);
            if (count <= 0) {
                return length == 0 ? 0 : -1;
            }
            System.arraycopy(bytes, position, into, offset, count);
            position += count;
            return count;
        }
    }
}
