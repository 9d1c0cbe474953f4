package io.helix.api.agent;

/**
 * Behaviour with a configuration of type {@code C}. Authors implement one of the three kinds. Helix makes one instance
 * per configured agent or step and may call {@code transform} and {@code perform} from several threads at once.
 */
public sealed interface Agent<C> permits Source, Transformer, Action {}
