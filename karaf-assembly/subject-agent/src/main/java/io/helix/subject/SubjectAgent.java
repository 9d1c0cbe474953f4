package io.helix.subject;

import static org.objectweb.asm.Opcodes.ACC_ABSTRACT;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ARETURN;
import static org.objectweb.asm.Opcodes.ASM9;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.SimpleRemapper;

/**
 * Three rewrites, each of a whole method or of its first instructions:
 *
 * <ol>
 *   <li>{@code Subject.getSubject(acc)} returns {@link SubjectScope#current()} instead of throwing;
 *   <li>{@code Subject.callAs(subject, action)}, which {@code doAs} calls too, runs the action in a {@link SubjectScope};
 *   <li>Karaf's {@code JaasHelper.doAs}, of which every bundle has its own copy, calls {@code Subject.doAs}; it relied on a domain
 *       combiner, and the JDK ignores those now.
 * </ol>
 */
public final class SubjectAgent {
    private static final int FIRST_JDK_WITHOUT_GET_SUBJECT = 24;
    private static final String SUBJECT = "javax/security/auth/Subject";
    private static final String SCOPE = "javax/security/auth/HelixSubjectScope";
    private static final String JAAS_HELPER = "org/apache/karaf/util/jaas/JaasHelper";

    private SubjectAgent() {}

    public static void premain(@Nullable String arguments, Instrumentation jvm) throws Exception {
        if (Runtime.version().feature() < FIRST_JDK_WITHOUT_GET_SUBJECT) {
            return;
        }
        defineScopeBeside(Subject.class, jvm);
        jvm.addTransformer(new Rewrite(), true);
        jvm.retransformClasses(Subject.class);
    }

    /** Not by appending to the boot class path: the JVM would warn that it shares fewer classes. */
    private static void defineScopeBeside(Class<?> neighbour, Instrumentation jvm) throws Exception {
        Module agent = SubjectAgent.class.getModule();
        jvm.redefineModule(
                neighbour.getModule(),
                Set.of(),
                Map.of(),
                Map.of(neighbour.getPackageName(), Set.of(agent)),
                Set.of(),
                Map.of());
        MethodHandles.privateLookupIn(neighbour, MethodHandles.lookup()).defineClass(scopeBytes());
    }

    private static byte[] scopeBytes() throws IOException {
        String own = SubjectScope.class.getName().replace('.', '/');
        try (InputStream in = SubjectAgent.class.getResourceAsStream("/" + own + ".class")) {
            if (in == null) {
                throw new IOException("The agent's jar lacks " + own);
            }
            ClassWriter out = new ClassWriter(0);
            new ClassReader(in).accept(new ClassRemapper(out, new SimpleRemapper(ASM9, Map.of(own, SCOPE))), 0);
            return out.toByteArray();
        }
    }

    private static final class Rewrite implements ClassFileTransformer {
        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                @Nullable String name,
                @Nullable Class<?> redefined,
                @Nullable ProtectionDomain domain,
                byte[] bytes) {
            if (SUBJECT.equals(name)) {
                return rewrite(bytes, SubjectMethods::new);
            }
            return JAAS_HELPER.equals(name) ? rewrite(bytes, JaasHelperMethods::new) : null;
        }

        private static byte[] rewrite(byte[] bytes, UnaryOperator<ClassVisitor> visitor) {
            ClassReader in = new ClassReader(bytes);
            ClassWriter out = new ClassWriter(in, ClassWriter.COMPUTE_MAXS);
            in.accept(visitor.apply(out), 0);
            return out.toByteArray();
        }
    }

    private static final class SubjectMethods extends ClassVisitor {
        SubjectMethods(ClassVisitor next) {
            super(ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, @Nullable String signature, String @Nullable [] thrown) {
            MethodVisitor method = super.visitMethod(access, name, descriptor, signature, thrown);
            return switch (name) {
                case "getSubject" ->
                    new NewBody(method, code -> {
                        code.visitMethodInsn(INVOKESTATIC, SCOPE, "current", "()L" + SUBJECT + ";", false);
                        return code;
                    });
                case "callAs" -> new WrappedAction(method);
                default -> method;
            };
        }
    }

    private static final class JaasHelperMethods extends ClassVisitor {
        JaasHelperMethods(ClassVisitor next) {
            super(ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, @Nullable String signature, String @Nullable [] thrown) {
            MethodVisitor method = super.visitMethod(access, name, descriptor, signature, thrown);
            if (!name.equals("doAs") || (access & ACC_ABSTRACT) != 0) {
                return method;
            }
            return new NewBody(method, code -> {
                code.visitVarInsn(ALOAD, 0);
                code.visitVarInsn(ALOAD, 1);
                code.visitMethodInsn(INVOKESTATIC, SUBJECT, "doAs", descriptor, false);
                return code;
            });
        }
    }

    /** Drops the old instructions; the new ones leave the result on the stack. */
    private static final class NewBody extends MethodVisitor {
        private final MethodVisitor target;
        private final UnaryOperator<MethodVisitor> body;

        NewBody(MethodVisitor target, UnaryOperator<MethodVisitor> body) {
            super(ASM9);
            this.target = target;
            this.body = body;
        }

        @Override
        public void visitCode() {
            target.visitCode();
            body.apply(target).visitInsn(ARETURN);
            target.visitMaxs(0, 0);
            target.visitEnd();
        }
    }

    private static final class WrappedAction extends MethodVisitor {
        WrappedAction(MethodVisitor next) {
            super(ASM9, next);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            visitVarInsn(ALOAD, 0);
            visitVarInsn(ALOAD, 1);
            String callable = "Ljava/util/concurrent/Callable;";
            visitMethodInsn(INVOKESTATIC, SCOPE, "around", "(L" + SUBJECT + ";" + callable + ")" + callable, false);
            visitVarInsn(ASTORE, 1);
        }
    }
}
