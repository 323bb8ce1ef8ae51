package org.caduceus.console.rest;

import org.caduceus.console.Problem;

/** Ends a request with a problem that was expected and is already in words for the client. */
final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.title());
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
