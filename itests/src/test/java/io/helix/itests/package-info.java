/** Tests of the assembled server: it runs as a process of its own, and they use what a user has: HTTP, the shell, JMX, files. */
@NullMarked
package io.helix.itests;

import org.jspecify.annotations.NullMarked;
