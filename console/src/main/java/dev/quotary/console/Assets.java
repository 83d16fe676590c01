package dev.quotary.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Every static file of the pages, in memory: some hundred kilobytes.
 *
 * <p>They are served below a path that names the state of all of them together. As modules import each other by relative paths, the whole tree
 * can be kept by browsers for good, and a new version of the server is a new tree; nothing has to be rewritten or bundled.
 */
final class Assets {
    private static final String ROOT = "web";
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^\\s*(?:import|export)\\b[^'\"]*?['\"](\\.[^'\"]+)['\"]");
    private static final int VERSION_DIGITS = 16;

    private final Map<String, Asset> files;
    private final String version;

    private Assets(Map<String, Asset> files) {
        this.files = files;
        this.version = version(files);
    }

    /** Reads all files off the class path. Blocks. */
    static Assets load() {
        var files = new TreeMap<String, Asset>();
        try {
            var found = Assets.class.getResource(ROOT);
            if (found == null) {
                throw new IllegalStateException("the pages are missing from the jar");
            }
            read(found.toURI(), files);
        } catch (IOException e) {
            throw new UncheckedIOException("reading the pages", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a resource has a URI", e);
        }
        return new Assets(Map.copyOf(files));
    }

    private static void read(URI root, Map<String, Asset> files) throws IOException {
        if (!root.getScheme().equals("jar")) {
            walk(Path.of(root), files);
            return;
        }
        try (var jar = FileSystems.newFileSystem(root, Map.of())) {
            walk(jar.provider().getPath(root), files);
        } catch (FileSystemNotFoundException e) {
            throw new IOException("the jar of the pages", e);
        }
    }

    private static void walk(Path root, Map<String, Asset> files) throws IOException {
        List<Path> found;
        try (var all = Files.walk(root)) {
            found = all.filter(Files::isRegularFile).toList();
        }
        for (var file : found) {
            var path = root.relativize(file).toString().replace('\\', '/');
            files.put(path, Asset.of(path, Files.readAllBytes(file)));
        }
    }

    private static String version(Map<String, Asset> files) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            new TreeMap<>(files).forEach((path, file) -> {
                sha.update(file.plain().getBytes());
                sha.update((byte) 0);
            });
            return HexFormat.of().formatHex(sha.digest()).substring(0, VERSION_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Names the state of all files. */
    String version() {
        return version;
    }

    Optional<Asset> find(String path) {
        return Optional.ofNullable(files.get(path));
    }

    Asset need(String path) {
        return find(path).orElseThrow(() -> new IllegalStateException("the file " + path + " is missing from the jar"));
    }

    /** A script and all that it imports at once, however deep: what a browser should begin to load without reading them one by one. */
    SequencedSet<String> imports(String script) {
        var seen = new LinkedHashSet<String>();
        var open = new ArrayDeque<String>();
        open.add(script);
        while (!open.isEmpty()) {
            var path = open.remove();
            if (seen.add(path)) {
                var matcher = IMPORT.matcher(need(path).text());
                while (matcher.find()) {
                    open.add(Path.of(path)
                            .resolveSibling(matcher.group(1))
                            .normalize()
                            .toString()
                            .replace('\\', '/'));
                }
            }
        }
        return seen;
    }
}
