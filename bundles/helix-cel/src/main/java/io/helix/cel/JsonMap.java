package io.helix.cel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON object as CEL sees it; converts what is read, and charges for it. Most expressions read few of many fields. */
final class JsonMap extends AbstractMap<String, Object> {
    private final JsonNode object;
    private final Budget budget;

    JsonMap(JsonNode object, Budget budget) {
        this.object = object;
        this.budget = budget;
    }

    JsonNode node() {
        return object;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        budget.charge(1);
        JsonNode value = key instanceof String name ? object.get(name) : null;
        return value == null ? null : Values.ofJson(value, budget);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String name && object.has(name);
    }

    @Override
    public int size() {
        return object.size();
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Map.Entry<String, Object>> {
        @Override
        public int size() {
            return object.size();
        }

        @Override
        public Iterator<Map.Entry<String, Object>> iterator() {
            return new EntryIterator(object.properties().iterator());
        }
    }

    private final class EntryIterator implements Iterator<Map.Entry<String, Object>> {
        private final Iterator<Map.Entry<String, JsonNode>> fields;

        EntryIterator(Iterator<Map.Entry<String, JsonNode>> fields) {
            this.fields = fields;
        }

        @Override
        public boolean hasNext() {
            return fields.hasNext();
        }

        @Override
        public Map.Entry<String, Object> next() {
            budget.charge(1);
            Map.Entry<String, JsonNode> field = fields.next();
            return Map.entry(field.getKey(), Values.ofJson(field.getValue(), budget));
        }
    }
}
