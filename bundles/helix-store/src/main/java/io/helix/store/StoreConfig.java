package io.helix.store;

/** Keys of {@code io.helix.store.cfg}. */
@interface StoreConfig {
    /** {@code jdbc:h2:...} or {@code jdbc:postgresql:...}; empty for an H2 file below {@code helix.home}. */
    String url() default "";

    String user() default "";

    /** Key {@code .password}: a leading dot keeps it out of the properties of the registered services. */
    String _password() default "";

    /** Works as well, but everybody who may list services can read it. */
    String password() default "";

    /** Key {@code pool.size}: connections at most. */
    int pool_size() default 8;
}
