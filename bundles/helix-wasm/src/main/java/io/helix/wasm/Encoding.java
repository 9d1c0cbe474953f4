package io.helix.wasm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
                return MESSAGE_PACK.writeValueAsBytes(packable(node));
            } catch (IOException | MessagePackException e) {
                throw HelixException.invalid("cannot be written as MessagePack: " + e.getMessage());
            }
        }

        /** By way of JSON, so that the same bounds and rules hold. */
        @Override
        JsonNode read(byte[] bytes) {
            PackedShape.require(bytes);
            try {
                return EventFormat.parse(EventFormat.bytes(MESSAGE_PACK.readTree(bytes)));
            } catch (IOException | MessagePackException e) {
                throw HelixException.invalid("is not MessagePack: " + e.getMessage());
            }
        }
    };

    /**
     * MessagePack knows integers of 64 bits and doubles. Its writer would first write a number such as 1e999999999 out
     * in full, for hours.
     */
    private static JsonNode packable(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode copy = EventFormat.json().createObjectNode();
                object.properties().forEach(member -> copy.set(member.getKey(), packable(member.getValue())));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = EventFormat.json().createArrayNode();
                array.forEach(item -> copy.add(packable(item)));
                yield copy;
            }
            case DecimalNode decimal -> DoubleNode.valueOf(decimal.doubleValue());
            case BigIntegerNode large
            when large.bigIntegerValue().bitLength() >= Long.SIZE -> DoubleNode.valueOf(large.doubleValue());
            default -> node;
        };
    }

    private static final ObjectMapper MESSAGE_PACK = new ObjectMapper(new MessagePackFactory());

    abstract byte[] write(JsonNode node);

    /** @throws HelixException INVALID */
    abstract JsonNode read(byte[] bytes);
}
