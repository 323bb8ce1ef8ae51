package org.caduceus.console.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PagePathsTest {
  @Test
  void pagesOfOneThingTakeExactlyOneSegment() {
    assertEquals(Optional.of("/block.xhtml"), PagePaths.view("/block/42"));
    assertEquals(Optional.of("/entry.xhtml"), PagePaths.view("/entry/ab"));
    for (String other : List.of("/block", "/block/", "/block/1/2", "/sign-in/block", "/x/1")) {
      assertEquals(Optional.empty(), PagePaths.view(other), other);
    }
  }

  @Test
  void aPageOfOneAddressHasNothingBelowIt() {
    assertEquals(Optional.of("/institutions.xhtml"), PagePaths.view("/institutions"));
    assertEquals(Optional.empty(), PagePaths.view("/institutions/hospital-a"));
  }

  @Test
  void nothingBelowTheSignInPageIsAPage() {
    assertEquals(Optional.empty(), PagePaths.view("/sign-in/session"));
    assertEquals(Optional.empty(), PagePaths.view("/sign-in/trust"));
  }
}
