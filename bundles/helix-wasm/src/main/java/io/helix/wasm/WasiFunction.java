package io.helix.wasm;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The functions of WASI snapshot preview 1, so that what ordinary toolchains build can be linked. */
enum WasiFunction {
    ARGS_GET("ii"),
    ARGS_SIZES_GET("ii"),
    ENVIRON_GET("ii"),
    ENVIRON_SIZES_GET("ii"),
    CLOCK_RES_GET("ii"),
    CLOCK_TIME_GET("ili"),
    FD_ADVISE("illi"),
    FD_ALLOCATE("ill"),
    FD_CLOSE("i"),
    FD_DATASYNC("i"),
    FD_FDSTAT_GET("ii"),
    FD_FDSTAT_SET_FLAGS("ii"),
    FD_FDSTAT_SET_RIGHTS("ill"),
    FD_FILESTAT_GET("ii"),
    FD_FILESTAT_SET_SIZE("il"),
    FD_FILESTAT_SET_TIMES("illi"),
    FD_PREAD("iiili"),
    FD_PRESTAT_GET("ii"),
    FD_PRESTAT_DIR_NAME("iii"),
    FD_PWRITE("iiili"),
    FD_READ("iiii"),
    FD_READDIR("iiili"),
    FD_RENUMBER("ii"),
    FD_SEEK("ilii"),
    FD_SYNC("i"),
    FD_TELL("ii"),
    FD_WRITE("iiii"),
    PATH_CREATE_DIRECTORY("iii"),
    PATH_FILESTAT_GET("iiiii"),
    PATH_FILESTAT_SET_TIMES("iiiilli"),
    PATH_LINK("iiiiiii"),
    PATH_OPEN("iiiiillii"),
    PATH_READLINK("iiiiii"),
    PATH_REMOVE_DIRECTORY("iii"),
    PATH_RENAME("iiiiii"),
    PATH_SYMLINK("iiiii"),
    PATH_UNLINK_FILE("iii"),
    POLL_ONEOFF("iiii"),
    PROC_EXIT("i", 0),
    PROC_RAISE("i"),
    RANDOM_GET("ii"),
    SCHED_YIELD(""),
    SOCK_ACCEPT("iii"),
    SOCK_RECV("iiiiii"),
    SOCK_SEND("iiiii"),
    SOCK_SHUTDOWN("ii");

    /** The import module of these functions. */
    static final String MODULE = "wasi_snapshot_preview1";

    private static final Map<String, WasiFunction> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(WasiFunction::importName, Function.identity()));

    private final FunctionType type;

    /** @param parameters i for i32, l for i64 */
    WasiFunction(String parameters) {
        this(parameters, 1);
    }

    WasiFunction(String parameters, int results) {
        List<String> types =
                parameters.chars().mapToObj(c -> c == 'l' ? "i64" : "i32").toList();
        this.type = new FunctionType(types, results == 0 ? List.of() : List.of("i32"));
    }

    String importName() {
        return name().toLowerCase(Locale.ROOT);
    }

    FunctionType type() {
        return type;
    }

    static @Nullable WasiFunction named(String importName) {
        return BY_NAME.get(importName);
    }
}
