package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Takes the room on the disk away from a running process and gives it back: by the limit of the size of its files, which binds root as
 * well as anybody else, and needs no file system of its own. A write beyond it fails as one on a full disk does.
 */
final class Disk {
    private Disk() {}

    /** No file of the process may grow beyond so many bytes. */
    static void limit(Quotary process, long bytes) {
        prlimit(process, bytes + ":");
    }

    /** As much room as before. */
    static void free(Quotary process) {
        prlimit(process, "unlimited:");
    }

    private static void prlimit(Quotary process, String soft) {
        try {
            var command = new ProcessBuilder("prlimit", "--pid", Long.toString(process.id()), "--fsize=" + soft)
                    .redirectErrorStream(true)
                    .start();
            var told = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(command.waitFor()).as(told).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException("prlimit of util-linux is needed", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
