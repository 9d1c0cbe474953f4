package io.helix.runtime.memory;

import io.helix.api.situation.Hit;
import io.helix.api.situation.Match;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file with what a memory remembers, so that a start has to read only the end of the log. It can be lost: then the whole
 * window is read again. Written beside the old one and moved over it, with a checksum at the end.
 */
final class Checkpoint {
    private static final int MAGIC = 0x484c5843;
    private static final int VERSION = 2;
    private static final int LONGEST = 1 << 26;

    private final Path file;

    Checkpoint(Path file) {
        this.file = file;
    }

    void write(RuleMemory.State state) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
                CheckedOutputStream checked = new CheckedOutputStream(
                        new BufferedOutputStream(java.nio.channels.Channels.newOutputStream(channel), 1 << 16),
                        new CRC32C());
                DataOutputStream out = new DataOutputStream(checked)) {
            new Writer(out).state(state);
            out.writeLong(checked.getChecksum().getValue());
            out.flush();
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Empty when there is none. @throws IOException also when it is damaged or of another version */
    Optional<RuleMemory.State> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (CheckedInputStream checked = new CheckedInputStream(
                        new BufferedInputStream(Files.newInputStream(file), 1 << 16), new CRC32C());
                DataInputStream in = new DataInputStream(checked)) {
            RuleMemory.State state = new Reader(in).state();
            long sum = checked.getChecksum().getValue();
            if (in.readLong() != sum) {
                throw new IOException("its checksum is wrong");
            }
            return Optional.of(state);
        } catch (RuntimeException e) {
            throw new IOException("it is damaged: " + e.getMessage(), e);
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /** Texts that come again and again are written once. */
    private static final class Writer {
        private final DataOutputStream out;
        private final Map<String, Integer> known = new HashMap<>();

        Writer(DataOutputStream out) {
            this.out = out;
        }

        void state(RuleMemory.State state) throws IOException {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeLong(state.sequence());
            instant(state.clock());
            out.writeInt(state.rules().size());
            for (Map.Entry<String, RuleMemory.Form> entry : state.rules().entrySet()) {
                text(entry.getKey());
                out.writeLong(entry.getValue().revision());
                word(entry.getValue().times());
                word(entry.getValue().throttle());
            }
            hits(state.hits());
            hits(state.pending());
            out.writeInt(state.gates().size());
            for (Throttles.Gate gate : state.gates()) {
                gate(gate);
            }
        }

        private void gate(Throttles.Gate gate) throws IOException {
            word(gate.rule);
            text(gate.key);
            instant(gate.until);
            out.writeLong(gate.count);
            out.writeInt(gate.fired.size());
            for (Instant fired : gate.fired) {
                instant(fired);
            }
            out.writeInt(gate.collected.size());
            for (Match match : gate.collected) {
                match(match);
            }
        }

        private void match(Match match) throws IOException {
            word(match.rule());
            text(match.key());
            instant(match.time());
            hits(List.copyOf(match.hits().values()));
            Match.Measured measured = match.aggregate();
            out.writeBoolean(measured != null);
            if (measured != null) {
                text(measured.value().toString());
                out.writeLong(measured.count());
                instant(measured.from());
                instant(measured.to());
            }
        }

        private void hits(List<Hit> hits) throws IOException {
            out.writeInt(hits.size());
            for (Hit hit : hits) {
                hit(hit);
            }
        }

        private void hit(Hit hit) throws IOException {
            word(hit.rule());
            word(hit.alias());
            text(hit.key());
            instant(hit.time());
            out.writeLong(hit.order());
            value(hit.value());
            if (!(hit.event() instanceof Remembered event)) {
                throw new IllegalStateException("a hit without its event");
            }
            out.writeLong(event.sequence());
            instant(event.stored());
            text(event.id());
            word(event.source());
            byte[] body = event.body();
            out.writeInt(body == null ? -1 : body.length);
            if (body != null) {
                out.write(body);
            }
        }

        private void value(@Nullable Comparable<?> value) throws IOException {
            switch (value) {
                case null -> out.writeByte(0);
                case BigDecimal number -> {
                    out.writeByte(1);
                    text(number.toString());
                }
                default -> {
                    out.writeByte(2);
                    text(value.toString());
                }
            }
        }

        private void instant(Instant instant) throws IOException {
            out.writeLong(instant.getEpochSecond());
            out.writeInt(instant.getNano());
        }

        private void text(String text) throws IOException {
            byte[] bytes = Lossless.bytes(text);
            out.writeInt(bytes.length);
            out.write(bytes);
        }

        private void word(String text) throws IOException {
            Integer number = known.get(text);
            out.writeInt(number == null ? -1 : number);
            if (number == null) {
                known.put(text, known.size());
                text(text);
            }
        }
    }

    private static final class Reader {
        private final DataInputStream in;
        private final List<String> known = new ArrayList<>();

        Reader(DataInputStream in) {
            this.in = in;
        }

        RuleMemory.State state() throws IOException {
            if (in.readInt() != MAGIC || in.readInt() != VERSION) {
                throw new IOException("it is of another version of Helix");
            }
            long sequence = in.readLong();
            Instant clock = instant();
            Map<String, RuleMemory.Form> rules = new TreeMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                rules.put(text(), new RuleMemory.Form(in.readLong(), word(), word()));
            }
            List<Hit> hits = hits();
            List<Hit> pending = hits();
            List<Throttles.Gate> gates = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                gates.add(gate());
            }
            return new RuleMemory.State(sequence, clock, rules, hits, pending, gates);
        }

        private Throttles.Gate gate() throws IOException {
            Throttles.Gate gate = new Throttles.Gate(word(), text());
            gate.until = instant();
            gate.count = in.readLong();
            for (int left = in.readInt(); left > 0; left--) {
                gate.fired.addLast(instant());
            }
            for (int left = in.readInt(); left > 0; left--) {
                gate.collected.add(match());
            }
            return gate;
        }

        private Match match() throws IOException {
            String rule = word();
            String key = text();
            Instant time = instant();
            Map<String, Hit> hits = new HashMap<>();
            hits().forEach(hit -> hits.put(hit.alias(), hit));
            Match.Measured measured = in.readBoolean()
                    ? new Match.Measured(new BigDecimal(text()), in.readLong(), instant(), instant())
                    : null;
            return new Match(rule, key, time, hits, measured);
        }

        private List<Hit> hits() throws IOException {
            List<Hit> hits = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                hits.add(hit());
            }
            return hits;
        }

        private Hit hit() throws IOException {
            String rule = word();
            String alias = word();
            String key = text();
            Instant time = instant();
            long order = in.readLong();
            Comparable<?> value = value();
            long sequence = in.readLong();
            Instant stored = instant();
            String id = text();
            String source = word();
            int length = in.readInt();
            byte[] body = length < 0 ? null : bytes(length);
            return new Hit(
                    rule, alias, key, time, order, value, new Remembered(sequence, stored, id, source, body, null));
        }

        private @Nullable Comparable<?> value() throws IOException {
            return switch (in.readByte()) {
                case 0 -> null;
                case 1 -> new BigDecimal(text());
                default -> text();
            };
        }

        private Instant instant() throws IOException {
            return Instant.ofEpochSecond(in.readLong(), in.readInt());
        }

        private String text() throws IOException {
            return Lossless.text(bytes(in.readInt()));
        }

        private String word() throws IOException {
            int number = in.readInt();
            if (number >= 0) {
                return known.get(number);
            }
            String text = text();
            known.add(text);
            return text;
        }

        private byte[] bytes(int length) throws IOException {
            if (length < 0 || length > LONGEST) {
                throw new IOException("it is damaged: a length of " + length);
            }
            return in.readNBytes(length);
        }
    }
}
