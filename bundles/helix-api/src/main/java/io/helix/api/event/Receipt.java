package io.helix.api.event;

/**
 * The bus has stored a message.
 *
 * @param sequence its place in the channel of the profile, from 1
 * @param duplicate whether a message with this id was there already; the sequence is then that one's
 */
public record Receipt(long sequence, boolean duplicate) {}
