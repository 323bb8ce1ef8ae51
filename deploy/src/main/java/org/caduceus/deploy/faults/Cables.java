package org.caduceus.deploy.faults;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.caduceus.deploy.Installation;
import org.caduceus.deploy.MemberHome;

/** The broker links of a consortium, one each way between two members, laid so as to be cut. */
public final class Cables {
  private final Map<String, CutCable> cables = new HashMap<>();

  /** Lays them to the ports of an installation. */
  public Cables(Installation installation) throws IOException {
    for (MemberHome from : installation.memberHomes()) {
      for (MemberHome to : installation.memberHomes()) {
        if (!from.id().equals(to.id())) {
          cables.put(name(from.id(), to.id()), new CutCable(to.ports().broker()));
        }
      }
    }
  }

  /** Where each member finds each peer: by "FROM&gt;TO", as preparing an installation takes it. */
  public Map<String, String> addresses() {
    Map<String, String> addresses = new HashMap<>();
    cables.forEach((link, cable) -> addresses.put(link, cable.address()));
    return addresses;
  }

  /** Cuts the links between two members, both ways. */
  public void cut(String one, String two) {
    between(one, two).forEach(CutCable::cut);
  }

  /** Cuts what one member sends to another. */
  public void cutOneWay(String from, String to) {
    cables.get(name(from, to)).cut();
  }

  /** Mends the links between two members. */
  public void mend(String one, String two) {
    between(one, two).forEach(CutCable::mend);
  }

  /** Mends all. */
  public void mendAll() {
    cables.values().forEach(CutCable::mend);
  }

  private Stream<CutCable> between(String one, String two) {
    return Stream.of(cables.get(name(one, two)), cables.get(name(two, one)));
  }

  private static String name(String from, String to) {
    return from + ">" + to;
  }
}
