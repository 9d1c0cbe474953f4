package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helix.api.HelixException;
import io.helix.api.event.EventFormat;
import java.io.IOException;
import org.msgpack.core.MessagePackException;
import org.msgpack.jackson.dataformat.MessagePackFactory;

/** How a plugin wants its documents: input, configuration, emitted events and output. */
enum Encoding {
    JSON {
        @Override
        byte[] write(JsonNode node) {
            return EventFormat.bytes(node);
        }

        @Override
        JsonNode read(byte[] bytes) {
            return EventFormat.parse(bytes);
        }
    },
    MSGPACK {
        @Override
        byte[] write(JsonNode node) {
            try {
                return MESSAGE_PACK.writeValueAsBytes(node);
            } catch (IOException e) {
                throw HelixException.invalid("cannot be written as MessagePack: " + e.getMessage());
            }
        }

        /** By way of JSON, so that the same bounds and rules hold. */
        @Override
        JsonNode read(byte[] bytes) {
            try {
                return EventFormat.parse(EventFormat.bytes(MESSAGE_PACK.readTree(bytes)));
            } catch (IOException | MessagePackException e) {
                throw HelixException.invalid("is not MessagePack: " + e.getMessage());
            }
        }
    };

    private static final ObjectMapper MESSAGE_PACK = new ObjectMapper(new MessagePackFactory());

    abstract byte[] write(JsonNode node);

    /** @throws HelixException INVALID */
    abstract JsonNode read(byte[] bytes);
}
