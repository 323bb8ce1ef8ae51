package org.caduceus.ledger.block;

import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.Writer;

/** A key pair for tests, always the same for the same name. */
public interface SampleSigner {

  /** Uncompressed SEC 1 point, 65 bytes. */
  Bytes publicKey();

  /** Raw r || s, 64 bytes. */
  Bytes sign(Bytes message);

  /** Of its signatures. */
  default Suite suite() {
    return Suite.ES256;
  }

  /** How a test signs. */
  enum Scheme {
    /** Real ES256 with deterministic nonces (RFC 6979). */
    ES256 {
      private final Map<String, SampleSigner> signers = new ConcurrentHashMap<>();

      @Override
      public SampleSigner signer(String name) {
        return signers.computeIfAbsent(name, RealSigner::new);
      }

      @Override
      public SignatureVerifier verifier() {
        return SignatureVerifier.of(Suite.ES256);
      }
    },
    /** Real SM2. */
    SM2 {
      private final Map<String, SampleSigner> signers = new ConcurrentHashMap<>();

      @Override
      public SampleSigner signer(String name) {
        return signers.computeIfAbsent(name, Sm2Signer::new);
      }

      @Override
      public SignatureVerifier verifier() {
        return SignatureVerifier.of(Suite.SM2_SM3);
      }

      @Override
      public Suite suite() {
        return Suite.SM2_SM3;
      }
    },
    /**
     * Two hashes over public key and message, for simulations of many steps. Anybody could forge
     * it; the simulated hosts do not try, as nobody can forge ES256.
     */
    FAST {
      @Override
      public SampleSigner signer(String name) {
        Hash x =
            Hash.sha256(
                new Writer()
                    .tag("FASTKEYX")
                    .bytes(Bytes.of(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    .toArray());
        Bytes key = Bytes.wrap(new Writer().u8(4).hash(x).hash(x).toArray());
        return new SampleSigner() {
          @Override
          public Bytes publicKey() {
            return key;
          }

          @Override
          public Bytes sign(Bytes message) {
            return fastSignature(key, message);
          }
        };
      }

      @Override
      public SignatureVerifier verifier() {
        return (key, message, signature) -> fastSignature(key, message).equals(signature);
      }
    };

    /** The key pair of this name. */
    public abstract SampleSigner signer(String name);

    /** Checks what the scheme's signers sign. */
    public abstract SignatureVerifier verifier();

    /** What configurations and entries call it. */
    public Suite suite() {
      return Suite.ES256;
    }

    private static Bytes fastSignature(Bytes key, Bytes message) {
      Hash first = Hash.sha256(key.unsafeArray(), message.unsafeArray());
      return Bytes.wrap(new Writer().hash(first).hash(first).toArray());
    }
  }

  /** SM2 whose private key is the hash of a name. */
  final class Sm2Signer implements SampleSigner {
    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("SM2P256V1");
    private static final ECDomainParameters DOMAIN =
        new ECDomainParameters(CURVE.getCurve(), CURVE.getG(), CURVE.getN(), CURVE.getH());

    private final ECPrivateKeyParameters key;
    private final Bytes publicKey;

    Sm2Signer(String name) {
      byte[] seed = Hash.sha256(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)).toArray();
      BigInteger d =
          new BigInteger(1, seed).mod(CURVE.getN().subtract(BigInteger.TWO)).add(BigInteger.ONE);
      this.key = new ECPrivateKeyParameters(d, DOMAIN);
      this.publicKey = Bytes.wrap(CURVE.getG().multiply(d).normalize().getEncoded(false));
    }

    @Override
    public Suite suite() {
      return Suite.SM2_SM3;
    }

    @Override
    public Bytes publicKey() {
      return publicKey;
    }

    @Override
    public Bytes sign(Bytes message) {
      SM2Signer signer = new SM2Signer(PlainDSAEncoding.INSTANCE, new SM3Digest());
      signer.init(true, key);
      signer.update(message.unsafeArray(), 0, message.length());
      try {
        return Bytes.wrap(signer.generateSignature());
      } catch (CryptoException e) {
        throw new IllegalStateException("Expected a signature, but Bouncy Castle refused", e);
      }
    }
  }

  /** ES256 whose private key is the hash of a name. */
  final class RealSigner implements SampleSigner {
    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("P-256");
    private static final ECDomainParameters DOMAIN =
        new ECDomainParameters(CURVE.getCurve(), CURVE.getG(), CURVE.getN(), CURVE.getH());

    private final ECPrivateKeyParameters key;
    private final Bytes publicKey;

    RealSigner(String name) {
      byte[] seed = Hash.sha256(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)).toArray();
      BigInteger d =
          new BigInteger(1, seed).mod(CURVE.getN().subtract(BigInteger.ONE)).add(BigInteger.ONE);
      this.key = new ECPrivateKeyParameters(d, DOMAIN);
      this.publicKey = Bytes.wrap(CURVE.getG().multiply(d).normalize().getEncoded(false));
    }

    @Override
    public Bytes publicKey() {
      return publicKey;
    }

    @Override
    public Bytes sign(Bytes message) {
      ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
      signer.init(true, key);
      BigInteger[] rs = signer.generateSignature(Hash.sha256(message.unsafeArray()).toArray());
      return Bytes.wrap(new Writer().bytes(fixed(rs[0])).bytes(fixed(rs[1])).toArray());
    }

    private static byte[] fixed(BigInteger value) {
      byte[] bytes = value.toByteArray();
      byte[] result = new byte[32];
      int from = Math.max(0, bytes.length - 32);
      System.arraycopy(bytes, from, result, 32 - (bytes.length - from), bytes.length - from);
      return result;
    }
  }
}
