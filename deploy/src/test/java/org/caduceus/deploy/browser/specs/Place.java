package org.caduceus.deploy.browser.specs;

import java.util.Locale;
import java.util.function.Function;
import org.caduceus.deploy.browser.Traffic;
import org.caduceus.deploy.browser.Visitor;

/** Every page of the console, and what each says when there is nothing. */
enum Place {
  SIGN_IN(traffic -> "/sign-in"),
  SIGN_IN_FAILED(traffic -> "/sign-in?failed=wrong"),
  OVERVIEW(traffic -> "/"),
  MESSAGES(traffic -> "/messages"),
  MESSAGES_NONE(traffic -> "/messages?outcome=declined&externalId=NEVER-SENT"),
  BLOCKS(traffic -> "/blocks"),
  BLOCK(traffic -> "/block/" + traffic.finalEntry().path("height").asLong()),
  BLOCK_MISSING(traffic -> "/block/999999999"),
  ENTRIES(traffic -> "/entries"),
  ENTRY(traffic -> "/entry/" + traffic.finalEntry().path("id").asText()),
  ENTRY_MISSING(traffic -> "/entry/" + "0".repeat(64)),
  SEARCH(traffic -> "/search"),
  SEARCH_NONE(traffic -> "/search?q=NEVER-SENT"),
  DIAGNOSIS(traffic -> "/diagnosis"),
  INSTITUTIONS(traffic -> "/institutions"),
  GOVERNANCE(traffic -> "/governance"),
  TRUST(traffic -> "/trust"),
  NOWHERE(traffic -> "/nowhere");

  private final Function<Traffic, String> address;

  Place(Function<Traffic, String> address) {
    this.address = address;
  }

  /** Opens it, signed in unless it is the way in. */
  void open(Visitor visitor, Traffic traffic) {
    if (this != SIGN_IN && this != SIGN_IN_FAILED) {
      visitor.admit();
    }
    if (this == NOWHERE) {
      visitor.openNothing(address.apply(traffic));
    } else {
      visitor.open(address.apply(traffic));
    }
    visitor.settle();
  }

  String fileName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
