package org.caduceus.deploy.container;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.caduceus.deploy.Project;
import org.jboss.arquillian.container.test.api.Testable;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.Asset;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The application as it is assembled for operation, and one more web module, which tests it. */
final class TestedApplication {
  private static final String NAME = "tests-inside.war";
  private static final String DESCRIPTOR = "META-INF/application.xml";
  private static final String MODULE =
      "<module><web><web-uri>"
          + NAME
          + "</web-uri><context-root>/tests-inside</context-root></web></module>";

  private TestedApplication() {}

  static EnterpriseArchive with(Class<?>... classes) {
    WebArchive tests = ShrinkWrap.create(WebArchive.class, NAME).addClasses(classes);
    File file = Project.locate().application().toFile();
    EnterpriseArchive application = ShrinkWrap.createFromZipFile(EnterpriseArchive.class, file);
    String descriptor = text(application.get(DESCRIPTOR).getAsset());
    return application
        .addAsModule(Testable.archiveToTest(tests))
        .setApplicationXML(
            new StringAsset(
                descriptor.replace("<library-directory>", MODULE + "<library-directory>")));
  }

  private static String text(Asset asset) {
    try (InputStream in = asset.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to read " + DESCRIPTOR + ", but failed", e);
    }
  }
}
