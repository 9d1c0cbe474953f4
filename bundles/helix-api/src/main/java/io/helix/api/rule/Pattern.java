package io.helix.api.rule;

/**
 * What one event must look like: a tree of conditions.
 *
 * @see PatternParser for the written form
 */
public record Pattern(Condition root) {}
