package org.caduceus.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
  @TempDir Path folder;

  @Test
  void filesAndFoldersAreTheirOwnersOnly() throws IOException {
    Path inner = PrivateFiles.folder(folder.resolve("a/b"));
    Path file = inner.resolve("secret");
    PrivateFiles.write(file, "one");
    PrivateFiles.write(file, "two");
    assertEquals("two", Files.readString(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(inner)));
  }

  @Test
  void propertiesComeBackAsTheyWere() {
    Path file = folder.resolve("x.properties");
    Map<String, String> values = Map.of("a", "/tmp/with blank", "b", "jdbc:x;Y=1#!é", "c", " lead");
    PrivateFiles.write(file, values);
    assertEquals(values, PrivateFiles.properties(file));
  }

  @Test
  void deletingATreeSparesWhatALinkPointsAt() throws IOException {
    Path outside = Files.writeString(folder.resolve("outside"), "kept");
    Path tree = PrivateFiles.folder(folder.resolve("tree/deep"));
    Files.createSymbolicLink(tree.resolve("link"), outside);
    PrivateFiles.deleteTree(folder.resolve("tree"));
    assertFalse(Files.exists(folder.resolve("tree")));
    assertTrue(Files.exists(outside));
  }
}
