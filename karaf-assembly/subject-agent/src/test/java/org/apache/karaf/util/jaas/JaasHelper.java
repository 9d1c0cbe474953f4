package org.apache.karaf.util.jaas;

import java.security.PrivilegedAction;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;

/** Has the methods of Karaf's class that the agent rewrites; as written here they lose the subject, as Karaf's do on JDK 24. */
public final class JaasHelper {
    private JaasHelper() {}

    public static <T> T doAs(Subject subject, PrivilegedAction<T> action) {
        return action.run();
    }

    public static <T> T doAs(Subject subject, PrivilegedExceptionAction<T> action) throws Exception {
        return action.run();
    }
}
