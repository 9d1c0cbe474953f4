package io.helix.cel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.AbstractList;
import java.util.RandomAccess;

/** A JSON array as CEL sees it; converts what is read, and charges for it. */
final class JsonList extends AbstractList<Object> implements RandomAccess {
    private final JsonNode array;
    private final Budget budget;

    JsonList(JsonNode array, Budget budget) {
        this.array = array;
        this.budget = budget;
    }

    JsonNode node() {
        return array;
    }

    @Override
    public Object get(int index) {
        if (index < 0 || index >= array.size()) {
            throw new IndexOutOfBoundsException(index);
        }
        budget.charge(1);
        return Values.ofJson(array.path(index), budget);
    }

    @Override
    public int size() {
        return array.size();
    }
}
