package io.helix.agents;

import io.helix.api.agent.AgentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Resolves paths below one folder and nowhere else, symbolic links included. It guards against what recipes and events
 * say, not against other programs that change the folder at the same moment.
 */
final class FileJail {
    private static final int MAX_PATH = 500;

    private final Path root;

    FileJail(Path root) {
        this.root = root;
    }

    /**
     * The file for a relative path; its folder exists afterwards.
     *
     * @throws AgentException permanent when the path leads out of the jail or is no plain file
     */
    Path resolve(String relative) throws AgentException, IOException {
        Path inside = plain(relative);
        Files.createDirectories(root);
        Path realRoot = root.toRealPath();
        Path folder = parent(realRoot, inside, relative);
        Path file = folder.resolve(inside.getFileName());
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(relative, "it is a link, a folder or a device");
        }
        return file;
    }

    private static Path parent(Path realRoot, Path inside, String relative) throws AgentException, IOException {
        Path folder = realRoot;
        for (int i = 0; i < inside.getNameCount() - 1; i++) {
            folder = folder.resolve(inside.getName(i));
            // One step at a time, so that nothing is ever created behind a link.
            if (Files.isSymbolicLink(folder)) {
                throw refused(relative, "a folder on its way is a link");
            }
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(folder);
            }
        }
        if (!folder.toRealPath().startsWith(realRoot)) {
            throw refused(relative, "it leads out of the folder");
        }
        return folder;
    }

    private static Path plain(String relative) throws AgentException {
        if (relative.isBlank() || relative.length() > MAX_PATH || relative.indexOf('\\') >= 0) {
            throw refused(relative, "use 1 to " + MAX_PATH + " characters, with / between folders");
        }
        if (relative.chars().anyMatch(Character::isISOControl)) {
            throw refused(relative, "it holds control characters");
        }
        Path path;
        try {
            path = Path.of(relative);
        } catch (InvalidPathException e) {
            throw refused(relative, e.getReason());
        }
        if (path.isAbsolute() || relative.endsWith("/")) {
            throw refused(relative, "it must be a file relative to the folder");
        }
        for (Path name : path) {
            if (name.toString().equals("..") || name.toString().equals(".")) {
                throw refused(relative, "it must not hold . or ..");
            }
        }
        return path;
    }

    private static AgentException refused(String relative, String reason) {
        String shown = OneLine.of(relative);
        return AgentException.permanent("path '" + (shown.length() <= 100 ? shown : shown.substring(0, 100) + "...")
                + "' is refused: " + reason);
    }
}
