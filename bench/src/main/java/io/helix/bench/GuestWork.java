package io.helix.bench;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** What the guest of the benchmarks can do, see guest.c. All get the same event of 1 KB. */
enum GuestWork {
    DIGEST("bench.digest", "helix_handle"),
    DIGEST_OUTPUT("bench.digest-output", "digest_output"),
    ECHO("bench.echo", "echo"),
    COMPUTE("bench.compute", "compute"),
    SPIN("bench.spin", "spin"),
    GROW("bench.grow", "grow"),
    FLOOD("bench.flood", "flood");

    private final String type;
    private final String export;

    GuestWork(String type, String export) {
        this.type = type;
        this.export = export;
    }

    String type() {
        return type;
    }

    String export() {
        return export;
    }

    static byte[] module() throws IOException {
        return resource("guest.wasm");
    }

    static byte[] event() throws IOException {
        return resource("event.json");
    }

    static byte[] config() throws IOException {
        return resource("config.json");
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream in = GuestWork.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
