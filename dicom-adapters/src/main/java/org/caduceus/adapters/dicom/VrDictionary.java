package org.caduceus.adapters.dicom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The value representation of each public attribute, for implicit VR (PS3.6). */
final class VrDictionary {
  /** US or SS, as Pixel Representation says. */
  private static final String BY_PIXEL_REPRESENTATION = "XS";

  private static final Map<Integer, String> REGISTRY = load();

  private VrDictionary() {}

  /**
   * The value representation of {@code tag}.
   *
   * @param signedPixels whether Pixel Representation (0028,0103) is 1
   * @return empty for what PS3.6 does not know, private attributes among it
   */
  static Optional<Vr> find(int tag, boolean signedPixels) {
    if (Tag.isGroupLength(tag)) {
      return Optional.of(Vr.UL);
    }
    if (Tag.isPrivate(tag)) {
      int element = tag & 0xffff;
      return element >= 0x10 && element <= 0xff ? Optional.of(Vr.LO) : Optional.empty();
    }
    int high = tag >>> 24;
    String name = REGISTRY.get(high == 0x50 || high == 0x60 ? tag & 0xff00ffff : tag);
    if (name == null) {
      return Optional.empty();
    }
    if (name.equals(BY_PIXEL_REPRESENTATION)) {
      return Optional.of(signedPixels ? Vr.SS : Vr.US);
    }
    return Vr.named(name);
  }

  private static Map<Integer, String> load() {
    Map<Integer, String> registry = new HashMap<>();
    try (InputStream in = VrDictionary.class.getResourceAsStream("vr.txt");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] words = line.split(" ");
          int group = Integer.parseInt(words[1], 16) << 16;
          for (int i = 2; i < words.length; i++) {
            registry.put(group | Integer.parseInt(words[i], 16), words[0]);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Expected vr.txt beside this class, but it failed", e);
    }
    return Map.copyOf(registry);
  }
}
