package org.caduceus.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What an enclave process leaves in its folder for others to find it. */
public final class EnclaveFolder {
  private static final String PID_FILE = "tee.pid";
  // sockaddr_un.sun_path holds 108 bytes with the closing zero.
  private static final int LONGEST_SOCKET = 107;

  private EnclaveFolder() {}

  /** The instance that serves the folder, if one does. */
  public static Optional<RecordedProcess> process(Path folder) {
    try {
      String pid = Files.readString(folder.resolve(PID_FILE)).strip();
      return pid.isEmpty()
          ? Optional.empty()
          : RecordedProcess.observe(Long.parseLong(pid), "--dir " + folder + " ");
    } catch (IOException | NumberFormatException none) {
      return Optional.empty();
    }
  }

  /**
   * Refuses a folder whose socket would have too long a name for the operating system.
   *
   * @throws ToolFailure if it is too long
   */
  static void requireShortEnough(Path folder) {
    int length = folder.resolve("tee.sock").toString().length();
    if (length > LONGEST_SOCKET) {
      throw new ToolFailure(
          "The folder "
              + folder
              + " is too deep for a local socket ("
              + length
              + " bytes, at most "
              + LONGEST_SOCKET
              + "): choose a shorter one with --home.");
    }
  }
}
