package io.helix.sdk.processor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Compiles one source file with the processor, all of it in memory and as strict as the build of Helix. */
final class MemoryCompiler {
    private MemoryCompiler() {}

    /** @param messages of the compiler, as {@code line: text} */
    record Outcome(boolean success, List<String> messages, Map<String, byte[]> classes) {
        Object create(String className) throws ReflectiveOperationException {
            ClassLoader loader = new ClassLoader(MemoryCompiler.class.getClassLoader()) {
                @Override
                protected Class<?> findClass(String name) throws ClassNotFoundException {
                    byte[] bytes = classes.get(name);
                    if (bytes == null) {
                        throw new ClassNotFoundException(name);
                    }
                    return defineClass(name, bytes, 0, bytes.length);
                }
            };
            return loader.loadClass(className).getConstructor().newInstance();
        }
    }

    static Outcome compile(String className, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(diagnostics, Locale.ROOT, null);
                Files files = new Files(standard)) {
            JavaCompiler.CompilationTask task = compiler.getTask(
                    null,
                    files,
                    diagnostics,
                    List.of("-Xlint:all,-processing,-classfile,-options", "-Werror", "--release", "21"),
                    null,
                    List.of(new Source(className, source)));
            task.setProcessors(List.of(new AgentTypeProcessor()));
            boolean success = task.call();
            return new Outcome(success, messages(diagnostics), files.classes());
        }
    }

    private static List<String> messages(DiagnosticCollector<JavaFileObject> diagnostics) {
        List<String> messages = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> it : diagnostics.getDiagnostics()) {
            messages.add(it.getLineNumber() + ": " + it.getMessage(Locale.ROOT));
        }
        return messages;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String className, String text) {
            super(URI.create("memory:///" + className.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Output extends SimpleJavaFileObject {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Output(String name, Kind kind) {
            super(URI.create("memory:///" + name.replace('.', '/') + kind.extension), kind);
        }

        @Override
        public OutputStream openOutputStream() {
            return bytes;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static final class Files extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, Output> written = new TreeMap<>();

        Files(StandardJavaFileManager standard) {
            super(standard);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location,
                String name,
                JavaFileObject.Kind kind,
                @Nullable FileObject sibling) {
            Output output = new Output(name, kind);
            if (kind == JavaFileObject.Kind.CLASS) {
                written.put(name, output);
            }
            return output;
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new TreeMap<>();
            written.forEach((name, output) -> classes.put(name, output.bytes.toByteArray()));
            return classes;
        }
    }
}
