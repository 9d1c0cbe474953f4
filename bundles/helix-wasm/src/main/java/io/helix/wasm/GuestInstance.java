package io.helix.wasm;

/** An instance of a module in the engine. One thread at a time may call; any thread may stop it. */
interface GuestInstance {
    /**
     * Calls the handler; the first time, instantiates and initialises the module before.
     *
     * @return what the handler returned
     * @throws GuestTrap when the guest trapped or was stopped; the instance is of no more use
     */
    int call(String export, HostCalls calls);

    /** Instantiates the module without calling it. */
    void prepare();

    /** Ends it for good, running or not; returns when no guest code is running any more. */
    void close();

    /** How large its memory has been found to be at a call of Helix; 0 before it is instantiated. */
    long memoryBytes();
}
