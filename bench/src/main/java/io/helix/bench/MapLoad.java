package io.helix.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The least that remembering by key takes: as many keys come and go as in {@link SituationLoad}, in a {@link HashMap} and
 * nothing else. It shows what the memory of the machine costs when what is kept no longer fits the caches.
 */
final class MapLoad {
    private static final int BATCH = 1_000;

    /**
     * @param opened are put
     * @param gone are removed, because they are closed or have expired; some are no longer there
     */
    record Keys(List<String> opened, List<String> gone) {
        int closed() {
            return gone.size() - opened.size();
        }
    }

    private final Random random = new Random(7);
    private final Map<String, Long> kept = new HashMap<>();
    private final long open;
    private long order = 0;

    /** @param open how many are kept at a time if none is closed */
    MapLoad(int open) {
        this.open = open;
        for (int done = 0; done < open; done += BATCH) {
            accept(batch());
        }
    }

    Keys batch() {
        List<String> opened = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            opened.add("key" + order);
            gone.add("key" + (order - open));
            if (i % SituationLoad.OPENED_PER_CLOSED == 0) {
                gone.add("key" + (order - random.nextLong(open)));
            }
            order++;
        }
        return new Keys(opened, gone);
    }

    void accept(Keys keys) {
        for (String key : keys.opened()) {
            kept.put(key, order);
        }
        keys.gone().forEach(kept::remove);
    }

    int size() {
        return kept.size();
    }
}
