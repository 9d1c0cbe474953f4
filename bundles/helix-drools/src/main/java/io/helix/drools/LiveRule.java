package io.helix.drools;

import io.helix.api.rule.Pattern;
import io.helix.api.rule.RuleKey;
import java.util.List;

/**
 * A rule in the network.
 *
 * @param rest what is left to check when the alpha nodes above have passed
 * @param whole all of the pattern
 * @param indexSlot the slot it is indexed by besides the type; -1 when there is none
 * @param paths the paths it has acquired
 * @param names its rules in Drools, one for each event type
 */
record LiveRule(
        RuleKey key,
        Pattern pattern,
        Check rest,
        Check whole,
        int indexSlot,
        List<List<String>> paths,
        List<String> names) {}
