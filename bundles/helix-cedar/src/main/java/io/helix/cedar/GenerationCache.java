package io.helix.cedar;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A bounded map that forgets what was not asked for lately: reading from the old generation moves an entry to the young
 * one, and a full young generation becomes the old one. Reads take no lock.
 */
final class GenerationCache<K, V> {
    private record Generations<K, V>(ConcurrentHashMap<K, V> young, ConcurrentHashMap<K, V> old) {}

    private final int capacity;
    private volatile Generations<K, V> generations =
            new Generations<>(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

    /** @param capacity of one generation; there are two */
    GenerationCache(int capacity) {
        this.capacity = capacity;
    }

    @Nullable
    V get(K key) {
        Generations<K, V> now = generations;
        V value = now.young().get(key);
        if (value != null) {
            return value;
        }
        V old = now.old().get(key);
        if (old != null) {
            put(key, old);
        }
        return old;
    }

    /** Of two concurrent values for one key either may stay: they are equal in effect. */
    void put(K key, V value) {
        Generations<K, V> now = generations;
        now.young().put(key, value);
        if (now.young().mappingCount() >= capacity) {
            age();
        }
    }

    private synchronized void age() {
        Generations<K, V> now = generations;
        if (now.young().mappingCount() >= capacity) {
            generations = new Generations<>(new ConcurrentHashMap<>(), now.young());
        }
    }

    long size() {
        Generations<K, V> now = generations;
        return now.young().mappingCount() + now.old().mappingCount();
    }
}
