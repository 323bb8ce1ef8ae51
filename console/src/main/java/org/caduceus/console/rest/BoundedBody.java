package org.caduceus.console.rest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.caduceus.ledger.intake.InletGateway.BodyTooLarge;

/** A request body that ends with an error when it grows beyond a bound. */
final class BoundedBody extends FilterInputStream {
  private final long most;
  private long seen;

  BoundedBody(InputStream body, long most) {
    super(body);
    this.most = most;
  }

  /** Whether more came than the bound allows; the rest of it is still on its way. */
  boolean exceeded() {
    return seen > most;
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    count(next < 0 ? 0 : 1);
    return next;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = super.read(target, offset, length);
    count(Math.max(read, 0));
    return read;
  }

  @Override
  public long skip(long length) throws IOException {
    long skipped = super.skip(length);
    count(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(long more) throws IOException {
    seen += more;
    if (exceeded()) {
      throw new BodyTooLarge(most);
    }
  }
}
