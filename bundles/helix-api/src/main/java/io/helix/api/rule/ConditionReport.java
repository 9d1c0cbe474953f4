package io.helix.api.rule;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One condition of a pattern against one event.
 *
 * @param path e.g. {@code data.issue.title}
 * @param test what was asked, in the words of the rule, e.g. {@code prefix "garage"}
 * @param value the value seen; MissingNode when absent
 * @param absent whether the field was not there
 */
public record ConditionReport(String path, String test, JsonNode value, boolean absent, boolean passed) {}
