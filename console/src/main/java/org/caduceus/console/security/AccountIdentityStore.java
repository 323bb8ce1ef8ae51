package org.caduceus.console.security;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Optional;
import java.util.stream.Collectors;
import org.caduceus.ledger.account.Account;
import org.caduceus.ledger.account.Accounts;

/** The node's accounts as Jakarta Security sees them: names are callers, roles are groups. */
@ApplicationScoped
public class AccountIdentityStore implements IdentityStore {
  @EJB Accounts accounts;

  @Override
  public CredentialValidationResult validate(Credential credential) {
    return account(credential)
        .map(
            account ->
                new CredentialValidationResult(
                    account.name(),
                    account.roles().stream().map(Enum::name).collect(Collectors.toSet())))
        .orElse(CredentialValidationResult.INVALID_RESULT);
  }

  /** The account behind a credential, unless there is none, it is disabled or it is not its. */
  public Optional<Account> account(Credential credential) {
    return switch (credential) {
      case UsernamePasswordCredential password ->
          accounts.authenticate(password.getCaller(), password.getPassword().getValue());
      case BearerCredential bearer -> accounts.byToken(bearer.token());
      default -> Optional.empty();
    };
  }
}
