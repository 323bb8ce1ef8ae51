package org.caduceus.deploy.browser;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a {@link Visitor} with a window of its own, and fails the test when the browser
 * had something to complain of: an error in its log, a refused script, a resource that is not
 * there.
 */
public final class AtTheConsole
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(AtTheConsole.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    Chromium chromium =
        context
            .getRoot()
            .getStore(HERE)
            .getOrComputeIfAbsent(Chromium.class, type -> new Chromium(), Chromium.class);
    context.getStore(HERE).put(Visitor.class, new Visitor(chromium.browser()));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Visitor visitor = visitor(context);
    boolean failed = context.getExecutionException().isPresent();
    if (failed) {
      visitor.photograph("failed-" + context.getRequiredTestMethod().getName());
    }
    visitor.leave();
    if (!failed) {
      visitor.requireSilence();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Visitor.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return visitor(context);
  }

  private static Visitor visitor(ExtensionContext context) {
    return context.getStore(HERE).get(Visitor.class, Visitor.class);
  }
}
