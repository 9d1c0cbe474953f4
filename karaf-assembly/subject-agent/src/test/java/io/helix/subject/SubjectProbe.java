package io.helix.subject;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.PrivilegedAction;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;
import javax.security.auth.x500.X500Principal;
import org.apache.karaf.util.jaas.JaasHelper;

/** Prints who {@code Subject.getSubject} says is there; by reflection, since the compiler warns of the method's removal. */
public final class SubjectProbe {
    private SubjectProbe() {}

    public static void main(String[] args) throws Exception {
        if (!say("outside")) {
            return;
        }
        Subject ann = subject("ann");
        doAs(ann, () -> say("doAs"));
        Subject.callAs(ann, () -> say("callAs"));
        try {
            Subject.callAs(ann, () -> {
                say("callAs that throws");
                throw new IllegalStateException();
            });
        } catch (RuntimeException expected) {
            // what matters is that the subject is gone afterwards, see "other thread"
        }
        Subject.callAs(ann, () -> {
            Subject.callAs(subject("bob"), () -> say("nested"));
            say("after nested");
            Subject.callAs(null, () -> say("as nobody"));
            join(Thread.ofPlatform().unstarted(() -> say("platform thread")));
            join(Thread.ofVirtual().unstarted(() -> say("virtual thread")));
            return null;
        });
        JaasHelper.doAs(ann, (PrivilegedAction<Boolean>) () -> say("JaasHelper.doAs"));
        JaasHelper.doAs(ann, (PrivilegedExceptionAction<Boolean>) () -> say("JaasHelper.doAs that throws"));
        join(Thread.ofPlatform().unstarted(() -> say("other thread")));
        try {
            Subject.callAs(ann, null);
        } catch (NullPointerException expected) {
            System.out.println("null action: NullPointerException");
        }
        say("outside again");
    }

    @SuppressWarnings("removal")
    private static void doAs(Subject subject, PrivilegedAction<Boolean> action) {
        Subject.doAs(subject, action);
    }

    private static boolean say(String where) {
        System.out.println(where + ": " + current());
        return !current().endsWith("Exception");
    }

    private static String current() {
        try {
            Class<?> context = Class.forName("java.security.AccessControlContext");
            Method getSubject = Subject.class.getMethod("getSubject", context);
            Subject subject = (Subject) getSubject.invoke(null, new Object[] {null});
            return subject == null
                    ? "none"
                    : subject.getPrincipals().iterator().next().getName().substring("CN=".length());
        } catch (InvocationTargetException e) {
            return e.getTargetException().getClass().getSimpleName();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("The probe cannot call Subject.getSubject", e);
        }
    }

    private static Subject subject(String name) {
        Subject subject = new Subject();
        subject.getPrincipals().add(new X500Principal("CN=" + name));
        return subject;
    }

    private static void join(Thread thread) {
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
