package io.helix.itests.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Writes down each bundle that starts, stops or is wired anew, and each service that goes: {@code what bundle detail}, in the
 * file {@code probe.log} of the server's home. A component that restarts takes its service back, so that is seen as well.
 */
public final class Probe implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        Path file = Path.of(context.getProperty("helix.home"), "probe.log");
        context.addBundleListener((SynchronousBundleListener) event -> {
            String what = name(event.getType());
            if (!what.isEmpty()) {
                write(
                        file,
                        what,
                        event.getBundle(),
                        event.getBundle().getVersion().toString());
            }
        });
        context.addServiceListener(event -> {
            if (event.getType() == ServiceEvent.UNREGISTERING) {
                Object names = event.getServiceReference().getProperty(Constants.OBJECTCLASS);
                String classes = names instanceof String[] all ? Arrays.toString(all) : "";
                write(file, "service-gone", event.getServiceReference().getBundle(), classes);
            }
        });
        write(file, "watching", context.getBundle(), "");
    }

    @Override
    public void stop(BundleContext context) {}

    private static String name(int type) {
        return switch (type) {
            case BundleEvent.INSTALLED -> "installed";
            case BundleEvent.STARTED -> "started";
            case BundleEvent.STOPPED -> "stopped";
            case BundleEvent.UPDATED -> "updated";
            case BundleEvent.UNRESOLVED -> "unresolved";
            case BundleEvent.UNINSTALLED -> "uninstalled";
            default -> "";
        };
    }

    private static synchronized void write(Path file, String what, Bundle bundle, String detail) {
        try {
            Files.writeString(
                    file,
                    what + " " + bundle.getSymbolicName() + " " + detail + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
