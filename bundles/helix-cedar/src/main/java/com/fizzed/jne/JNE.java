package com.fizzed.jne;

/** Lets the framework find cedar-java's native library (Bundle-NativeCode); the original refuses bundle URLs. */
public final class JNE {
    private JNE() {}

    public static void loadLibrary(String name) {
        System.loadLibrary(name);
    }
}
