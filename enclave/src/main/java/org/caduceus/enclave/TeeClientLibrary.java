package org.caduceus.enclave;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Direct mapping of {@code client/teeclient.h}. One library per Java process: the first path wins,
 * and a second one that differs is refused.
 */
final class TeeClientLibrary {
  private static Path loaded;

  private TeeClientLibrary() {}

  static synchronized void load(Path library) {
    if (loaded == null) {
      if (!Files.isRegularFile(library)) {
        throw new IllegalStateException(
            "Expected the enclave's client library at " + library + ", but it is missing");
      }
      Native.register(TeeClientLibrary.class, NativeLibrary.getInstance(library.toString()));
      loaded = library;
    } else if (!loaded.equals(library)) {
      throw new IllegalStateException(
          "Expected the client library " + loaded + ", but asked for " + library);
    }
  }

  static native int tee_connect(String socketPath, int timeoutMs);

  static native int tee_call(
      int handle,
      short op,
      Pointer in,
      int inLength,
      Pointer out,
      int outCapacity,
      Pointer outLength,
      int timeoutMs);

  static native void tee_close(int handle);
}
