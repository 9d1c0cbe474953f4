/**
 * A {@code -javaagent} for Karaf 4.4 on JDK 24 and later.
 *
 * <p>JEP 486 made {@link javax.security.auth.Subject#getSubject} throw, and Karaf 4.4 asks it who is logged in. The agent lets that
 * method answer again, from a thread-local which follows {@code Subject.doAs} and {@code Subject.callAs}. On an older JDK it does
 * nothing. Karaf 4.5 asks {@code Subject.current()} and needs no agent: delete this module then.
 */
@NullMarked
package io.helix.subject;

import org.jspecify.annotations.NullMarked;
