package org.caduceus.deploy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * Files that only their owner reads: 0600, in folders of mode 0700. A file is replaced as a whole
 * and is never readable by others, not even while it is written.
 */
public final class PrivateFiles {
  private static final String OWNER_FILE = "rw-------";
  private static final String OWNER_FOLDER = "rwx------";

  private PrivateFiles() {}

  /** Makes the folder, with its parents, for its owner only; an existing one is left as it is. */
  public static Path folder(Path folder) {
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_FOLDER)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to make the folder " + folder + ", but failed", e);
    }
  }

  /** Replaces the file by these bytes. */
  public static void write(Path file, byte[] bytes) {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      Files.deleteIfExists(next);
      Files.createFile(
          next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_FILE)));
      try (OutputStream out = Files.newOutputStream(next, StandardOpenOption.WRITE)) {
        out.write(bytes);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to write " + file + ", but failed", e);
    }
  }

  /** Replaces the file by this text in UTF-8. */
  public static void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Replaces the file by these properties, in the order of their keys. */
  public static void write(Path file, Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(values).forEach((key, value) -> text.append(line(key, value)));
    write(file, text.toString());
  }

  /** Reads properties; an absent file is a {@link ToolFailure}. */
  public static Properties properties(Path file) {
    Properties values = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      values.load(in);
      return values;
    } catch (IOException e) {
      throw new ToolFailure("Expected to read " + file + ", but that failed", e);
    }
  }

  /** Deletes a folder with everything in it, links themselves only; nothing if it is absent. */
  public static void deleteTree(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure)
                throws IOException {
              if (failure != null) {
                throw failure;
              }
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to delete " + folder + ", but failed", e);
    }
  }

  /** The number of the user whose file or folder it is. */
  public static int owner(Path file) {
    try {
      return (int) Files.getAttribute(file, "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether nobody but its owner may read the file. */
  public static boolean isPrivate(Path file) {
    try {
      Set<?> granted = Files.getPosixFilePermissions(file);
      return PosixFilePermissions.fromString(OWNER_FOLDER).containsAll(granted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Properties.store would add the date, which makes two equal files differ.
  private static String line(String key, String value) {
    Properties one = new Properties();
    one.setProperty(key, value);
    StringWriter out = new StringWriter();
    try {
      one.store(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString().lines().filter(l -> !l.startsWith("#")).findFirst().orElseThrow() + "\n";
  }
}
