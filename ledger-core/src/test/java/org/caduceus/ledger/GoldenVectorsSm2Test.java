package org.caduceus.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.modes.SICBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.caduceus.ledger.block.Suite;

/** The same of the Chinese suite, with Bouncy Castle as the other implementation. */
final class GoldenVectorsSm2Test extends GoldenVectorsTest {
  private static final int BLOCK = 16;

  @Override
  String file() {
    return "enclave-vectors-sm2.txt";
  }

  @Override
  Suite suite() {
    return Suite.SM2_SM3;
  }

  @Override
  Bytes encrypt(Bytes key, Bytes iv, Bytes aad, Bytes plaintext) {
    byte[] cipherKey = Arrays.copyOf(hmac(key, ascii("CDC1SM4E")).toArray(), BLOCK);
    Bytes macKey = hmac(key, ascii("CDC1SM4M"));
    var cipher = SICBlockCipher.newInstance(new SM4Engine());
    cipher.init(
        true,
        new ParametersWithIV(new KeyParameter(cipherKey), Arrays.copyOf(iv.toArray(), BLOCK)));
    byte[] out = new byte[plaintext.length()];
    cipher.processBytes(plaintext.toArray(), 0, out.length, out, 0);
    byte[] covered =
        ByteBuffer.allocate(Long.BYTES + aad.length() + iv.length() + out.length)
            .putLong(aad.length())
            .put(aad.toArray())
            .put(iv.toArray())
            .put(out)
            .array();
    byte[] tag = Arrays.copyOf(hmac(macKey, Bytes.wrap(covered)).toArray(), BLOCK);
    return Bytes.fromHex(Bytes.wrap(out).toHex() + Bytes.wrap(tag).toHex());
  }

  @Override
  Bytes hmac(Bytes key, Bytes message) {
    HMac mac = new HMac(new SM3Digest());
    mac.init(new KeyParameter(key.toArray()));
    mac.update(message.toArray(), 0, message.length());
    byte[] result = new byte[mac.getMacSize()];
    mac.doFinal(result, 0);
    return Bytes.wrap(result);
  }

  private static Bytes ascii(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
