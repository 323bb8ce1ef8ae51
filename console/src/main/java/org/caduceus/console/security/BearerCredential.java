package org.caduceus.console.security;

import jakarta.security.enterprise.credential.AbstractClearableCredential;

/** A bearer token (RFC 6750) as a program presents it, or as a session keeps it. */
final class BearerCredential extends AbstractClearableCredential {
  private String token;

  BearerCredential(String token) {
    this.token = token;
  }

  String token() {
    return token;
  }

  @Override
  protected void clearCredential() {
    token = "";
  }
}
