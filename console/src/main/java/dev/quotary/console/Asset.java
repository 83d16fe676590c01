package dev.quotary.console;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * One static file, ready to be sent.
 *
 * @param gzipped the same, compressed; as long as the plain one where compressing does not pay
 */
record Asset(String path, String type, Buffer plain, Buffer gzipped) {
    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "html", "text/html; charset=utf-8",
            "svg", "image/svg+xml",
            "woff2", "font/woff2",
            "txt", "text/plain; charset=utf-8",
            "md", "text/plain; charset=utf-8");

    static Asset of(String path, byte[] content) {
        var ending = path.substring(path.lastIndexOf('.') + 1);
        var type = TYPES.get(ending);
        if (type == null) {
            throw new IllegalStateException("no type is known for the file " + path);
        }
        var plain = Buffer.buffer(content);
        return new Asset(path, type, plain, ending.equals("woff2") ? plain : smaller(content, plain));
    }

    private static Buffer smaller(byte[] content, Buffer plain) {
        var out = new ByteArrayOutputStream(content.length / 2 + 64);
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("compressing in memory failed", e);
        }
        return out.size() < content.length ? Buffer.buffer(out.toByteArray()) : plain;
    }

    boolean script() {
        return path.endsWith(".js");
    }

    String text() {
        return plain.toString();
    }

    boolean compressible() {
        return gzipped.length() < plain.length();
    }
}
